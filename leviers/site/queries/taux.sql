-- Of each lever and level, the rate that says most, with the territories: of the measures that half of them
-- have at least, the one that is read, then by rank, then one in the unit of the one that is read, then the latest.
with places as (
    select * from vues.dim_territoire
    where niveau in ('region', 'departement', 'epci')
),

regions as (
    select count(*) as nombre
    from places
    where niveau = 'region'
),

sizes as (
    select
        niveau,
        count(*) as territoires
    from places
    group by all
),

read as (
    select
        readings.levier_id,
        any_value(readings.indicateur_id) as indicateur_id,
        any_value(indicators.unite_comparee) as unite
    from vues.fait_lecture as readings
    inner join vues.dim_indicateur as indicators using (indicateur_id)
    where readings.niveau = 'region'
    group by all
),

levers as (
    select
        readings.levier_id,
        bool_or(readings.lecture <> 'not_judged') as est_juge,
        sum(shares.part_ktco2e) as demande_ktco2e
    from vues.fait_lecture as readings
    left join vues.fait_part as shares using (levier_id, territoire_id)
    where readings.niveau = 'region'
    group by all
),

measured as (
    select
        links.levier_id,
        rates.niveau,
        rates.indicateur_id,
        rates.unite,
        max(rates.annee) as annee,
        count(places.territoire_id) as connus,
        max(abs(rates.valeur)) as plus_grand,
        list(distinct rates.fichier_id order by rates.fichier_id) as fichiers,
        list({
            'territoire_id': rates.territoire_id,
            'territoire': rates.territoire,
            'valeur': rates.valeur,
            'est_partielle': not rates.est_entiere,
            'est_ici': rates.niveau = 'region' and places.territoire_id is not null and regions.nombre = 1
        } order by places.territoire_id is null, rates.territoire) as territoires
    from vues.pont_levier_indicateur as links
    inner join vues.fait_valeur_comparee as rates using (indicateur_id)
    left join places using (territoire_id)
    cross join regions
    where links.role = 'measure' and (places.territoire_id is not null or rates.niveau = 'region')
    group by all
)

select
    measured.levier_id,
    measured.niveau,
    measured.indicateur_id,
    indicators.indicateur,
    names.indicateur_court as nom,
    measured.unite,
    measured.annee,
    measured.fichiers,
    measured.territoires,
    len(measured.territoires) as nombre,
    greatest(0, if(measured.plus_grand >= 1, 2, 1) - floor(log10(nullif(measured.plus_grand, 0))))::integer as decimales,
    levers.est_juge,
    levers.demande_ktco2e
from measured
inner join levers on measured.levier_id = levers.levier_id
inner join sizes on measured.niveau = sizes.niveau
inner join vues.dim_indicateur as indicators on measured.indicateur_id = indicators.indicateur_id
left join vues.dim_indicateur_court as names on measured.indicateur_id = names.indicateur_id
inner join vues.pont_levier_indicateur as links
    on
        measured.levier_id = links.levier_id
        and measured.indicateur_id = links.indicateur_id
        and links.role = 'measure'
left join read on measured.levier_id = read.levier_id
where 2 * measured.connus >= sizes.territoires
qualify
    row_number() over (
        partition by measured.levier_id, measured.niveau
        order by
            measured.indicateur_id is distinct from read.indicateur_id,
            links.est_brute ASC,
            links.rang ASC,
            measured.unite is distinct from read.unite,
            measured.annee desc,
            measured.connus desc,
            measured.indicateur_id ASC
    ) = 1
order by measured.levier_id, measured.niveau

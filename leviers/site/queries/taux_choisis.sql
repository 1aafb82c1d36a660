-- The rate that says most of a lever at a level. Of the measures that half of the territories of the level have at least,
-- it is the one that is read in the region, then the best one, then the newest. One of four years before the newest of all
-- is not recent.
with places as (
    select
        territoire_id,
        count(*) over (partition by niveau) as nombre
    from vues.dim_territoire
    where niveau <> 'commune'
),

read_in_region as (
    select
        readings.levier_id,
        readings.indicateur_id,
        indicators.unite_comparee
    from vues.fait_lecture as readings
    inner join vues.dim_indicateur as indicators on readings.indicateur_id = indicators.indicateur_id
    where readings.niveau = 'region'
    group by readings.levier_id, readings.indicateur_id, indicators.unite_comparee
    qualify
        row_number() over (partition by readings.levier_id order by count(*) desc, readings.indicateur_id asc) = 1
),

measured as (
    select
        links.levier_id,
        compared.niveau,
        compared.indicateur_id,
        compared.unite,
        links.est_brute,
        links.rang,
        max(compared.annee) as annee,
        max(abs(compared.valeur)) as largest,
        count(*) as known
    from vues.pont_levier_indicateur as links
    inner join vues.fait_valeur_comparee as compared on links.indicateur_id = compared.indicateur_id
    inner join places on compared.territoire_id = places.territoire_id
    where links.role = 'measure'
    group by all
    having 2 * known >= any_value(places.nombre)
)

select
    measured.levier_id,
    measured.niveau,
    measured.indicateur_id,
    indicators.indicateur,
    coalesce(indicators.indicateur_court, indicators.indicateur) as nom,
    measured.unite,
    greatest(0, if(measured.largest >= 1, 2, 1) - floor(log10(nullif(measured.largest, 0))))::integer as decimales,
    measured.annee,
    measured.annee > max(measured.annee) over () - 4 as est_recent
from measured
inner join vues.dim_indicateur as indicators on measured.indicateur_id = indicators.indicateur_id
left join read_in_region on measured.levier_id = read_in_region.levier_id
qualify
    row_number() over (
        partition by measured.levier_id, measured.niveau
        order by
            coalesce(measured.indicateur_id <> read_in_region.indicateur_id, true),
            measured.est_brute asc,
            measured.rang asc,
            coalesce(measured.unite <> read_in_region.unite_comparee, true),
            measured.annee desc,
            measured.known desc,
            measured.indicateur_id asc
    ) = 1

-- A departement among those of its region: a rate that measures a lever, the largest one that nothing judges here and
-- of which most have a value.
with
places as (
    from vues.dim_territoire
    where niveau = 'departement'
),

-- A series says as much as it has whole values that are not too old to judge; of a lever the one that has most, then
-- the latest.
series as (
    select
        measures.levier_id,
        measures.indicateur_id
    from vues.pont_levier_indicateur as measures
    inner join vues.fait_valeur_comparee as compared using (indicateur_id)
    inner join places using (territoire_id)
    where measures.role = 'measure' and not measures.est_brute
    group by measures.levier_id, measures.indicateur_id
    having
        count(*) filter (where compared.est_entiere) * 2 > (select count(*) from places)
        and max(compared.annee) > (select max(annee) from vues.fait_valeur_comparee) - 4
    qualify
        row_number() over (
            partition by measures.levier_id
            order by
                count(*) filter (where compared.est_entiere) desc, max(compared.annee) desc, measures.indicateur_id
        ) = 1
),

chosen as (
    select
        shares.territoire_id,
        shares.levier_id,
        series.indicateur_id,
        shares.part_ktco2e
    from vues.fait_part as shares
    inner join places using (territoire_id)
    inner join series using (levier_id)
    inner join vues.fait_lecture as readings using (levier_id, territoire_id)
    inner join vues.fait_valeur_comparee as own
        on series.indicateur_id = own.indicateur_id and shares.territoire_id = own.territoire_id
    where readings.lecture = 'not_judged'
    qualify
        row_number() over (partition by shares.territoire_id order by shares.part_ktco2e desc, shares.levier_id ASC) = 1
)

select
    chosen.territoire_id,
    chosen.levier_id,
    coalesce(names.indicateur_court, levers.levier_court) as nom,
    any_value(compared.unite) as unite,
    max(compared.annee) as annee,
    if(max(abs(compared.valeur)) >= 100, 0, if(max(abs(compared.valeur)) >= 10, 1, 2)) as decimales,
    list(
        {
            'territoire': places.territoire,
            'valeur': compared.valeur,
            'est_ici': places.territoire_id = chosen.territoire_id,
            'est_partielle': not compared.est_entiere
        }
        order by places.territoire_id = chosen.territoire_id desc, places.territoire
    ) as territoires
from chosen
inner join vues.dim_territoire as own using (territoire_id)
inner join places on own.region_id = places.region_id
inner join vues.dim_levier as levers using (levier_id)
left join vues.dim_indicateur_court as names using (indicateur_id)
left join vues.fait_valeur_comparee as compared
    on chosen.indicateur_id = compared.indicateur_id and places.territoire_id = compared.territoire_id
group by all
order by chosen.territoire_id

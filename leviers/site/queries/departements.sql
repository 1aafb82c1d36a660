-- A departement among the departements of its region: the recent rate of the lever, of those that nothing judges here, of
-- which most is asked.
with chosen as (
    select
        readings.territoire_id,
        rates.*
    from vues.fait_lecture as readings
    inner join made."taux_choisis.sql" as rates
        on readings.levier_id = rates.levier_id and readings.niveau = rates.niveau
    inner join vues.fait_valeur_comparee as own
        on rates.indicateur_id = own.indicateur_id and readings.territoire_id = own.territoire_id
    inner join vues.fait_part as shares
        on readings.levier_id = shares.levier_id and readings.territoire_id = shares.territoire_id
    where
        readings.niveau = 'departement'
        and readings.lecture = 'not_judged'
        and rates.est_recent
    qualify
        row_number() over (
            partition by readings.territoire_id
            order by shares.part_ktco2e desc nulls last, readings.levier_id asc
        ) = 1
)

select
    chosen.territoire_id,
    chosen.nom,
    chosen.unite,
    chosen.annee,
    chosen.decimales,
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
inner join vues.dim_territoire as own on chosen.territoire_id = own.territoire_id
inner join vues.dim_territoire as places on own.niveau = places.niveau and own.region_id = places.region_id
left join vues.fait_valeur_comparee as compared
    on chosen.indicateur_id = compared.indicateur_id and places.territoire_id = compared.territoire_id
group by chosen.territoire_id, chosen.nom, chosen.unite, chosen.annee, chosen.decimales
order by chosen.territoire_id

-- What a territory and its communes have done with a grant of the State: those with a lever, and how many there are.
with placed as (
    select
        *,
        unnest([epci_id, departement_id]) as lieu
    from vues.fait_action
),

counted as (
    select
        lieu,
        count(*) as nombre,
        count(*) filter (where territoire_id = lieu) as propres,
        list(distinct annee order by annee) as annees
    from placed
    where lieu is not null
    group by lieu
)

select
    counted.lieu as territoire_id,
    counted.nombre,
    counted.propres,
    counted.annees,
    places.deborde_de_la_region as deborde,
    placed.intitule,
    placed.levier,
    levers.levier_court,
    placed.territoire,
    placed.annee,
    placed.subvention_eur,
    placed.cout_eur
from counted
inner join vues.dim_territoire as places on counted.lieu = places.territoire_id
left join placed
    on
        counted.lieu = placed.lieu
        and placed.levier_id is not null
left join vues.dim_levier as levers on placed.levier_id = levers.levier_id
order by
    counted.lieu asc,
    placed.territoire_id = counted.lieu desc,
    placed.annee desc,
    placed.subvention_eur desc,
    placed.action_id asc

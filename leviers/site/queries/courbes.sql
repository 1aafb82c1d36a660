-- Three judged series of an EPCI or a grouping, its own first, else those of its departement, the newest first; of a year,
-- what most is asked of, a group of levers as one.
with places as (
    select
        territoire_id,
        unnest([territoire_id, departement_id]) as lieu
    from made."territoires.sql"
    where genre = 'local'
),

curves as (
    select *
    from made."leviers.sql"
    where est_tracee and trajectoire is not null
    union all by name
    select *
    from made."groupes.sql"
),

nearest as (
    select
        places.territoire_id as page,
        places.territoire_id = places.lieu as est_ici,
        around.territoire as lieu,
        cards.*
    from places
    inner join curves as cards on places.lieu = cards.territoire_id
    inner join vues.dim_territoire as around on places.lieu = around.territoire_id
    qualify row_number() over (partition by page, cards.levier_id order by est_ici desc) = 1
)

select *  -- noqa: AM04
from nearest
qualify
    row_number() over (
        partition by page order by est_ici desc, annee desc, demande_ktco2e desc, levier_id asc
    ) <= 3
order by page asc, est_ici desc, annee desc, demande_ktco2e desc

-- Three judged series of an EPCI or a grouping, its own first, else those of its departement, the newest first.
with places as (
    select
        territoire_id,
        unnest([territoire_id, departement_id]) as lieu
    from made."territoires.sql"
    where genre = 'local'
),

nearest as (
    select
        places.territoire_id as page,
        places.territoire_id = places.lieu as est_ici,
        around.territoire as lieu,
        cards.*
    from places
    inner join made."leviers.sql" as cards on places.lieu = cards.territoire_id
    inner join vues.dim_territoire as around on places.lieu = around.territoire_id
    where cards.est_tracee and cards.trajectoire is not null
    qualify row_number() over (partition by page, cards.levier_id order by est_ici desc) = 1
)

select *  -- noqa: AM04
from nearest
qualify
    row_number() over (
        partition by page order by est_ici desc, annee desc, demande_ktco2e desc, levier_id asc
    ) <= 3
order by page asc, est_ici desc, annee desc, demande_ktco2e desc

-- The territories that have a page: on the home page by departement or, where there are several regions,
-- on the page of the one that each is part of.
with pages as (select distinct territoire_id from vues.fait_lecture),

regions as (
    select count(*) as nombre
    from vues.fait_resume
    where niveau = 'region'
),

places as (
    select
        territoires.*,
        territoires.niveau || '-' || territoires.code_territoire as fichier,
        territoires.niveau = 'departement' as est_departement
    from vues.dim_territoire as territoires
    inner join pages on territoires.territoire_id = pages.territoire_id
    where territoires.niveau <> 'region'
)

select
    if(
        regions.nombre = 1,
        '',
        if(places.est_departement, places.region_id, coalesce(places.departement_id, places.region_id))
    ) as cle,
    if(
        regions.nombre = 1,
        if(
            places.departement_id is null and not places.est_departement,
            'Groupements',
            coalesce(around.territoire, 'À cheval sur une autre région')
        ),
        null
    ) as dans,
    list(
        { 'fichier': places.fichier, 'territoire': places.territoire, 'niveau': places.niveau }
        order by places.niveau, strip_accents(places.territoire)
    ) as territoires
from places
cross join regions
left join places as around
    on around.est_departement and around.territoire_id = coalesce(places.departement_id, places.territoire_id)
group by cle, dans
order by cle asc, dans in ('Groupements', 'À cheval sur une autre région'), strip_accents(dans)

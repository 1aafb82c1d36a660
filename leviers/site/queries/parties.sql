-- The territories that have a page: on the home page by departement or, where there are several regions,
-- on the page of the one that each is part of.
with pages as (select distinct territoire_id from vues.fait_lecture),

regions as (select count(*) as nombre from vues.fait_resume where niveau = 'region'),

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
        coalesce(if(places.est_departement, places.territoire, places.departement), 'Groupements'),
        null
    ) as dans,
    list(
        { 'fichier': places.fichier, 'territoire': places.territoire, 'niveau': places.niveau }
        order by places.niveau, strip_accents(places.territoire)
    ) as territoires
from places
cross join regions
group by cle, dans
order by cle asc, dans = 'Groupements', strip_accents(dans)

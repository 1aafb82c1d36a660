-- Each contour with what is known of its territory. Territories around the region that was asked for have a contour,
-- and nothing in dim_territoire.
select
    contours.territoire_id,
    contours.niveau,
    contours.code_territoire,
    contours.territoire,
    territories.* exclude (territoire_id, niveau, code_territoire, territoire),  -- noqa: AM04, RF02
    contours.source,
    contours.licence,
    contours.geometrie as geom
from vues.dim_contour as contours
left join vues.dim_territoire as territories on contours.territoire_id = territories.territoire_id

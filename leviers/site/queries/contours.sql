-- The contours of the territories that have a page, by level.
select
    contours.niveau,
    contours.territoire_id,
    contours.territoire,
    contours.geometrie,
    contours.source,
    contours.licence
from vues.dim_contour as contours
where contours.territoire_id in (select readings.territoire_id from vues.fait_lecture as readings)
order by contours.niveau, contours.territoire_id

-- The contours of the territories that have a page, by level.
select
    contours.niveau,
    contours.territoire_id,
    contours.territoire,
    contours.geometrie,
    contours.source,
    contours.licence
from vues.dim_contour as contours
semi join vues.fait_lecture as readings using (territoire_id)
order by contours.niveau, contours.territoire_id

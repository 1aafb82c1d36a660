-- Each lever that is judged somewhere at a level whose contours are loaded, those that are judged most first.
select
    readings.niveau,
    places.niveau_libelle,
    readings.levier_id,
    readings.levier
from vues.fait_lecture as readings
inner join vues.dim_territoire as places on readings.territoire_id = places.territoire_id
where
    readings.confiance is not null
    and readings.niveau in (select contours.niveau from vues.dim_contour as contours)
group by all
order by readings.niveau asc, count(*) desc, readings.levier asc

-- The series of a lever as it is compared: smoothed or climate-corrected where it is so, else as it is observed.
select
    points.levier_id,
    points.territoire_id,
    points.niveau,
    points.annee,
    coalesce(points.valeur_comparee, points.valeur) as valeur,
    points.est_sure,
    points.est_une_rupture
from vues.fait_serie as points
where points.valeur is not null
qualify
    points.valeur_comparee is not null
    or count(points.valeur_comparee) over (partition by points.levier_id, points.territoire_id) = 0

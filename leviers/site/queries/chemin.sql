-- How much of its way to 2030 each lever of a territory has done, what is asked of most first: eleven at
-- most. A row of a means has no levier_id: its reading is not that of the lever.
select
    territoire_id,
    if(est_moyen, null, levier_id) as levier_id,
    nom as levier_court,
    lecture,
    lecture_libelle,
    tendance,
    tendance_libelle,
    '../territoires/' || replace(territoire_id, ':', '-') || '.html#levier-' || levier_id as lien,
    part_faite,
    part_incertitude,
    part_attendue,
    est_indicatif,
    demande_ktco2e,
    count(*) over (partition by territoire_id) as lignes
from vues.fait_chemin
qualify rang <= 11
order by territoire_id asc, rang asc

-- Doubts on the reading of a lever in a region, the heaviest first.
select
    doubts.levier_id,
    doubts.territoire,
    doubts.doute,
    doubts.affaiblit,
    doubts.poids,
    doubts.part_de_l_ecart
from vues.fait_doute as doubts
where doubts.niveau = 'region' and doubts.est_affiche
order by
    doubts.levier_id asc,
    doubts.territoire asc,
    doubts.est_la_raison desc,
    doubts.poids desc,
    doubts.doute asc

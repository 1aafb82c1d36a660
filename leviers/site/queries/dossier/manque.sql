-- The levers of a territory without a judgement, with the dataset that would judge them: the largest target first.
select
    territoire_id,
    levier_id,
    levier,
    raison,
    raison_detaillee,
    donnee_manquante,
    jeu,
    page_du_jeu,
    etat_libelle,
    demande_ktco2e
from vues.fait_manque
order by territoire_id asc, demande_ktco2e desc nulls last, levier asc

-- The levers of a territory without a judgement, with the dataset that would judge them: first the one that opens most levers.
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
    leviers_ouverts,
    demande_ktco2e
from vues.fait_manque
order by
    territoire_id asc, leviers_ouverts desc nulls last, jeu_id asc, demande_ktco2e desc nulls last, levier asc

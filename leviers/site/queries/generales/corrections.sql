-- The corrections that are declared, applied or not.
select
    objet,
    territoire,
    premiere_annee,
    derniere_annee,
    nature,
    recu,
    corrige,
    motif,
    decidee_le,
    signalement,
    etat,
    valeurs
from vues.fait_correction
order by correction_id

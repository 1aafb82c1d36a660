-- A row per lever that is read somewhere: what it belongs to.
select
    levers.levier_id as cle,
    levers.levier_id as fichier,
    levers.levier as titre,
    levers.levier_court,
    levers.thematique,
    levers.chantier_id,
    levers.chantier,
    levers.note_cible
from vues.dim_levier as levers
semi join vues.fait_lecture as readings using (levier_id)
order by levers.thematique_id, levers.levier_court

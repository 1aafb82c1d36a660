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
where levers.levier_id in (select readings.levier_id from vues.fait_lecture as readings)
order by levers.thematique_id, levers.levier_court

-- A row per chantier of the ecological planning, and what its levers are asked.
select
    groupe_id as cle,
    groupe_id as fichier,
    groupe as titre,
    max(leviers) as leviers,
    sum(demande_ktco2e) as demande_ktco2e
from vues.fait_chantier
where groupement = 'chantier' and niveau = 'region'
group by all
order by cle

-- A row per chantier of the ecological planning, and what its levers are asked.
select
    chantier_id as cle,
    chantier_id as fichier,
    chantier as titre,
    max(leviers) as leviers,
    sum(demande_ktco2e) as demande_ktco2e
from vues.fait_chantier
where niveau = 'region'
group by all
order by cle

-- A row per chantier of the ecological planning: what its levers are asked, and at least together.
select
    groupe_id as cle,
    groupe_id as fichier,
    groupe as titre,
    max(leviers) as leviers,
    bool_and(est_une_somme) as est_une_somme,
    sum(demande_ktco2e) as demande_ktco2e,
    sum(demande_au_moins_ktco2e) as demande_au_moins_ktco2e
from vues.fait_chantier
where groupement = 'chantier' and niveau = 'region'
group by all
order by cle

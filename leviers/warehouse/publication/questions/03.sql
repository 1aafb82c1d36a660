-- Quels leviers sont en retard dans la région, et de combien de ktCO2e ?
-- Réponse : Les leviers en retard ou à contresens. Un écart négatif se lit « tant de ktCO2e évitées de moins,
--   par an, que sur la trajectoire ».
-- Piège : La somme des écarts compterait deux fois ce que des leviers ont en commun, et un écart inconnu
--   n'est pas nul.
select
    levier,
    lecture_libelle as lecture,
    tendance_libelle as tendance,
    base_libelle as base,
    annee,
    round(valeur_comparee, 1) as valeur_comparee,
    round(valeur_attendue, 1) as valeur_attendue,
    unite,
    round(ecart_ktco2e, 1) as ecart_ktco2e,
    confiance
from vues.fait_lecture
where territoire_id = 'region:76' and lecture in ('behind', 'opposite')
order by ecart_ktco2e nulls last, levier

-- Quelles sont les dix plus grandes parts d'une intercommunalité, d'après quelle clé et dans quelle fourchette ?
-- Réponse : Ce que l'intercommunalité porterait si la cible de la région se répartissait comme la clé
--   retenue, et ce que d'autres clés donneraient. `fait_part_cle` a une ligne par clé.
-- Piège : Une fourchette sans largeur rassure à tort là où `repose_sur_une_seule_cle` est vrai : une seule
--   clé l'a faite.
select
    levier,
    round(part_ktco2e, 2) as part_ktco2e,
    round(part_min_ktco2e, 2) as part_min_ktco2e,
    round(part_max_ktco2e, 2) as part_max_ktco2e,
    round(part_pct, 2) as part_de_la_region_pct,
    cle,
    annee_cle,
    repose_sur_une_seule_cle,
    depasse_les_emissions,
    remarque
from vues.fait_part
where territoire_id = 'epci:243100518'
order by part_ktco2e desc
limit 10

-- Quelles sont les émissions de mon territoire, secteur par secteur ?
-- Réponse : Une ligne par secteur et nature : inventaire, ou ordre de grandeur entre le moins et le plus que
--   donnent les clés, avec leur erreur mesurée là où un inventaire existe.
-- Piège : Additionner les lignes : les sites sous quotas sont aussi dans « industrie, énergie et déchets »,
--   et les autres transports ne sont connus que de la région. Prendre le milieu de la fourchette pour une
--   mesure : c'est un ordre de grandeur, l'inventaire de la région réparti.
select
    secteur,
    nature_libelle as nature,
    round(minimum_tco2e) as minimum_tco2e,
    round(declare_tco2e) as declare_tco2e,
    round(maximum_tco2e) as maximum_tco2e,
    nombre_cles,
    round(erreur_mediane_pct) as erreur_mediane_pct,
    place_libelle as place,
    annee,
    source
from vues.fait_emission
where territoire_id = 'departement:34'
order by maximum_tco2e desc nulls last, secteur

-- Que sont les émissions des départements, en secteurs qui se comparent ?
-- Réponse : Les secteurs ont les mêmes noms partout, quelle que soit la source ; les fourchettes des treize
--   départements encadrent l'inventaire de la région.
-- Piège : Les sites sous quotas ne sont pas un secteur de plus : ils sont aussi dans l'industrie de
--   l'inventaire, d'une autre année et d'un autre périmètre. Les autres transports n'ont de ligne qu'à la
--   région.
select
    secteur,
    nature_libelle as nature,
    count(*) as departements,
    round(sum(minimum_tco2e)) as minimum_tco2e,
    round(sum(declare_tco2e)) as declare_tco2e,
    round(sum(maximum_tco2e)) as maximum_tco2e,
    round(max(inventaire_region_tco2e)) as inventaire_region_tco2e,
    max(annee) as annee,
    any_value(perimetre) as perimetre
from vues.fait_emission
where niveau = 'departement'
group by secteur, nature, nature_libelle
order by inventaire_region_tco2e desc nulls last, secteur

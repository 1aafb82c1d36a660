-- Que vaut un nombre par habitant, et est-il entier ?
-- Réponse : La valeur telle que publiée, et la même rapportée aux habitants, à la superficie ou telle quelle,
--   comme `dim_indicateur.comparaison` le dit.
-- Piège : Rapporter à toute la population une valeur incomplète : `est_entiere` le signale. La population est
--   la dernière connue, et non celle de l'année de la valeur : une évolution par habitant ne se lit pas
--   ainsi.
select
    v.territoire,
    t.population,
    o.valeur,
    o.unite,
    round(v.valeur, 1) as valeur_rapportee,
    v.unite as unite_rapportee,
    v.est_entiere
from vues.fait_valeur_comparee as v
inner join vues.fait_observation as o using (territoire_id, indicateur_id, annee)
inner join vues.dim_territoire as t using (territoire_id)
where v.indicateur_id = 'social_dwellings' and v.niveau = 'departement'
order by v.valeur desc

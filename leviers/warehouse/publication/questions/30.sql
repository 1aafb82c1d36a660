-- Que vaut un nombre par habitant, et est-il entier ?
-- Réponse : La valeur telle que publiée, et la même rapportée aux habitants, à la superficie ou telle quelle,
--   comme `dim_indicateur.comparaison` le dit.
-- Piège : Rapporter à toute la population une valeur incomplète : `est_entiere` le signale ; ou à celle d'une
--   autre année que la valeur : `fait_population` a chacune.
select
    v.territoire,
    v.annee_population,
    o.valeur,
    o.unite,
    round(v.valeur, 1) as valeur_rapportee,
    v.unite as unite_rapportee,
    v.est_entiere
from vues.fait_valeur_comparee as v
inner join vues.fait_observation as o using (territoire_id, indicateur_id, annee)
where v.indicateur_id = 'social_dwellings' and v.niveau = 'departement'
order by v.valeur desc

-- Quelles intercommunalités de l'Hérault ont le plus de solaire par habitant ?
-- Réponse : La dernière puissance solaire utilisable, et la même par habitant de la même année.
-- Piège : Sans le diviseur, la plus peuplée gagnerait toujours ; par les habitants d'une autre année, ou une
--   valeur très partielle, le rang serait faux.
select
    o.territoire,
    o.annee,
    round(o.valeur, 1) as valeur,
    o.unite,
    round(v.valeur, 1) as valeur_comparee,
    v.unite as unite_comparee,
    v.annee_population,
    o.completude_pct
from vues.fait_derniere_valeur as o
inner join vues.fait_valeur_comparee as v using (territoire_id, indicateur_id, annee)
inner join vues.dim_territoire as t using (territoire_id)
where o.indicateur_id = 'capacity_solar' and o.niveau = 'epci' and t.departement_id = 'departement:34'
order by valeur_comparee desc nulls last

-- Quelles intercommunalités de l'Hérault ont le plus de solaire par habitant ?
-- Réponse : La puissance solaire installée, et la même par habitant, dans l'unité que `dim_indicateur` dit
--   pour comparer.
-- Piège : Sans `i.derniere_annee`, une intercommunalité aurait une ligne par année ; sans le diviseur, la
--   plus peuplée gagnerait toujours.
select
    o.territoire,
    o.annee,
    round(o.valeur, 1) as valeur,
    o.unite,
    round(i.facteur_comparaison * o.valeur / t.population, 1) as valeur_comparee,
    i.unite_comparee,
    o.completude_pct
from vues.fait_observation as o
inner join vues.dim_territoire as t using (territoire_id)
inner join vues.dim_indicateur as i using (indicateur_id)
where
    o.indicateur_id = 'capacity_solar'
    and o.niveau = 'epci'
    and t.departement_id = 'departement:34'
    and o.annee = i.derniere_annee
    and o.confiance <> 'écartée'
order by valeur_comparee desc nulls last

-- Quelles séries sont connues à Rodez ?
-- Réponse : Chaque série une fois, avec ses années et sa dernière valeur connue.
-- Piège : Sans `est_utilisable`, la dernière année d'une série serait parfois celle d'une valeur inconnue, ou
--   d'une année incomplète.
select
    indicateur,
    min(annee) as de,
    max(annee) as a,
    arg_max(valeur, annee) as derniere_valeur,
    any_value(unite) as unite,
    arg_max(confiance, annee) as confiance,
    any_value(j.source) as source
from vues.fait_observation
inner join vues.dim_jeu as j using (jeu_id)
where territoire_id = 'epci:241200187' and est_utilisable
group by indicateur_id, indicateur
order by indicateur

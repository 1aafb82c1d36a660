-- Combien de valeurs sont sous secret ?
-- Réponse : Par indicateur et échelon, ce que la source masque. La valeur est vide, jamais zéro, et une somme
--   l'ignore.
-- Piège : Une somme ignore les valeurs masquées : c'est un minorant, dont `completude_pct` dit la part
--   connue.
select
    indicateur,
    niveau,
    count(*) as valeurs,
    count(*) filter (where statut = 'secrète') as sous_secret,
    round(100.0 * count(*) filter (where statut = 'secrète') / count(*), 1) as sous_secret_pct
from vues.fait_observation
group by indicateur_id, indicateur, niveau
having count(*) filter (where statut in ('secrète', 'sous le seuil')) > 0
order by sous_secret desc, indicateur, niveau

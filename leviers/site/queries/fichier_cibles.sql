-- The columns of the sheet of what is asked: a row per lever, territory, region and measure. The first two
-- are its keys.
select
    targets.levier_id,
    targets.territoire_id,
    territories.niveau_libelle as "niveau",
    targets.code_territoire as "code",
    targets.territoire as "territoire",
    targets.levier as "levier",
    targets.mesure as "mesure",
    targets.valeur as "valeur en 2030",
    targets.unite as "unité",
    targets.cle as "clé",
    targets.origine as "origine"
from vues.fait_cible as targets
inner join vues.dim_territoire as territories on targets.territoire_id = territories.territoire_id
order by all

-- Où trouver une colonne, et que contient-elle ?
-- Réponse : Tables, vues et colonnes portent un commentaire en français, que la page *Données* du site et
--   `datapackage.json` reprennent.
-- Piège : Deviner une colonne à son nom : `incertitude` est dans l'unité de la série, `part_incertitude` une
--   fraction du chemin.
select
    table_name as vue,
    column_name as colonne,
    data_type as type,
    comment as contenu
from duckdb_columns()
where not internal and schema_name = 'vues' and comment ilike '%incertitude%'
order by all

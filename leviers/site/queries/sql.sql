-- The page where a reader writes SQL: one row, and the edition, whose file it names.
select
    'sql' as cle,
    'sql' as fichier,
    'Interroger en SQL' as titre,
    publication_id
from vues.fait_publication
order by publie_le desc
limit 1

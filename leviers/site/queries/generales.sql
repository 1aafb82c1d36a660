-- The pages on no territory and no lever.
select
    pages.nom as cle,
    pages.nom as fichier,
    pages.nom as genre,
    pages.titre
from (
    values
    ('methode', 'Méthode'), ('sources', 'Sources'), ('qualite', 'Qualité'), ('donnees', 'Données'),
    ('tables', 'Tables'), ('changements', 'Changements'), ('loi', 'La loi et les documents')
) as pages (nom, titre)

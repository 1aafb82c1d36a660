-- The pages on no territory and no lever.
select
    nom as cle,
    nom as fichier,
    nom as genre,
    titre
from (
    values
    ('methode', 'Méthode'), ('sources', 'Sources'), ('qualite', 'Qualité'), ('donnees', 'Données'),
    ('tables', 'Tables'), ('changements', 'Changements'), ('loi', 'La loi et les documents')
) as pages (nom, titre)

-- The home page: one row, and which level its map has.
select
    '' as cle,
    'index' as fichier,
    'La planification écologique, près de chez vous' as titre,
    if(count(*) = 1, 'epci', 'region') as niveau
from vues.dim_territoire
where niveau = 'region'

-- A row per territory that has a page: where a lever is read.
select
    territories.territoire_id as cle,
    territories.niveau || '-' || territories.code_territoire as fichier,
    if(territories.niveau in ('region', 'departement'), territories.niveau, 'local') as genre,
    territories.territoire as titre,
    territories.territoire_id,
    territories.niveau,
    territories.niveau_libelle,
    territories.code_territoire,
    territories.territoire,
    territories.region_id,
    territories.region,
    territories.departement_id,
    territories.population_recente as population
from vues.dim_territoire as territories
semi join vues.fait_lecture as readings on territories.territoire_id = readings.territoire_id
order by territories.niveau, territories.code_territoire

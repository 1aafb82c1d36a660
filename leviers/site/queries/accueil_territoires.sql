-- The territories that have a page, each in the departement where it lies.
select
    '' as cle,
    territories.territoire_id,
    territories.niveau,
    territories.niveau || '-' || territories.code_territoire as fichier,
    territories.territoire,
    if(territories.niveau = 'departement', territories.territoire, territories.departement) as departement,
    territories.region
from vues.dim_territoire as territories
semi join vues.fait_lecture as readings using (territoire_id)
order by departement nulls first, territories.niveau, territories.territoire

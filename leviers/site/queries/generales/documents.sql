-- The documents that carry the planning of the regions, and the plans of their EPCI.
select
    titre,
    nature_libelle,
    coalesce(region, 'toutes les régions') as region,
    editeur,
    adresse
from vues.dim_document
order by region_id nulls last, nature, titre

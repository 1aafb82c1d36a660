-- The inventories that would give the emissions of a territory and are not loaded.
select
    territories.territoire_id,
    missing.source,
    missing.detenteur,
    missing.page_du_jeu
from vues.fait_inventaire_manquant as missing
inner join vues.dim_territoire as territories
    on
        missing.niveau = territories.niveau
        and coalesce(missing.region_id = territories.region_id, true)
where territories.niveau <> 'commune'
order by territories.territoire_id, missing.region_id nulls last, missing.source

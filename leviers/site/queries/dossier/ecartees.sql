-- The keys, or values of them, that are refused in the region of a territory.
select
    territories.territoire_id,
    refused.levier,
    refused.cle,
    refused.motif,
    refused.territoire,
    refused.annee,
    refused.motif_detaille
from vues.fait_cle_ecartee as refused
inner join vues.dim_territoire as territories on refused.region_id = territories.region_id
where territories.niveau not in ('commune', 'region')
order by territories.territoire_id, refused.levier, refused.rang, refused.territoire

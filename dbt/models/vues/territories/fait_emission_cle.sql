-- Keys that give the same part count as one.
select
    {{ territory_columns('estimates') }},
    estimates.sector as secteur,
    {{ territory_id("'region'", 'estimates.region_code') }} as region_id,
    regions.name as region,
    estimates.source,
    estimates.year as annee,
    estimates.key_id as cle_id,
    estimates.key_label_fr as cle,
    estimates.key_year as annee_cle,
    100 * estimates.key_share as part_pct,
    estimates.value as valeur_tco2e,
    estimates.key_reason_fr as motif,
    estimates.key_error_median_pct as erreur_mediane_pct,
    estimates.key_error_worst_pct as erreur_maximale_pct,
    estimates.dataset_id as jeu_id,
    estimates.snapshot_id as fichier_id
from {{ ref('fct_emission_estimate') }} as estimates
{{ join_territory('estimates', in_scope=true) }}
{{ join_region('estimates') }}
semi join {{ ref('fct_sector_emission') }} as emissions
    on
        emissions.nature = 'estimate'
        and {{ same_territory('estimates', 'emissions') }}
        and estimates.region_code = emissions.region_code
        and estimates.sector = emissions.sector
        and estimates.source = emissions.source
        and estimates.year = emissions.year
where estimates.value > 0 and not estimates.is_repeated

{{ config(tags=['star']) }}

select
    {{ territory_columns('emissions') }},
    emissions.sector as secteur,
    emissions.nature,
    emissions.nature_label_fr as nature_libelle,
    if(emissions.nature = 'sites', null, emissions.least_value) as minimum_tco2e,
    emissions.most_value as maximum_tco2e,
    if(emissions.nature = 'sites', emissions.least_value, null) as declare_tco2e,
    emissions.key_count as nombre_cles,
    emissions.key_error_median_pct as erreur_mediane_pct,
    emissions.key_error_worst_pct as erreur_maximale_pct,
    emissions.sector_rank as rang,
    emissions.place,
    emissions.place_label_fr as place_libelle,
    emissions.inventory_value as inventaire_region_tco2e,
    emissions.inventory_share as part_inventaire_region,
    {{ territory_id("'region'", 'emissions.region_code') }} as region_id,
    regions.name as region,
    cast(round(people.population * coalesce(parts.population_share, 1)) as bigint) as population_de_la_part,
    people.year as annee_population,
    emissions.year as annee,
    emissions.source,
    emissions.gases as gaz,
    emissions.scope as perimetre,
    emissions.dataset_id as jeu_id,
    emissions.snapshot_id as fichier_id
from {{ ref('fct_sector_emission') }} as emissions
{{ join_territory('emissions') }}
left join {{ ref('dim_territory') }} as regions
    on
        emissions.region_code = regions.territory_code
        and regions.territory_level = 'region'
left join {{ ref('bridge_territory_part') }} as parts
    on
        {{ same_territory('emissions', 'parts') }}
        and parts.part_level = 'region'
        and emissions.region_code = parts.part_code
left join {{ ref('int_populations_dated') }} as people
    on
        {{ same_territory('emissions', 'people') }}
        and abs(emissions.year - people.year) <= {{ threshold('population_years_apart') }}
qualify row_number() over (
    partition by emissions.territory_level, emissions.territory_code, emissions.sector
    order by abs(emissions.year - people.year) asc, people.year desc
) = 1

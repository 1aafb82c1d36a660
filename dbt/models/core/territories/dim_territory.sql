with set_aside as (
    select
        territory_level,
        territory_code,
        cast(count(rejection_reason) as integer) as members_set_aside
    from {{ ref('int_grouping_members_expanded') }}
    group by territory_level, territory_code
)

select
    territories.territory_level,
    coalesce(
        {{ label_fr('territory_level', 'territories.territory_level') }},
        upper(replace(territories.territory_level, '_', ' '))
    ) as level_label_fr,
    territories.territory_code,
    territories.name,
    territories.region_code,
    territories.departement_code,
    territories.epci_code,
    territories.legal_type,
    {{ label_fr('legal_type', 'territories.legal_type') }} as legal_type_label_fr,
    populations.population,
    populations.population_year,
    contours.area_km2,
    populations.population / contours.area_km2 as density_per_km2,
    {{ var('cog_year') }} as cog_year,
    territories.crosses_regions,
    territories.is_in_scope,
    coalesce(
        iso_codes.iso_code,
        if(territories.territory_level = 'departement', 'FR-' || territories.territory_code, null)
    ) as iso_code,
    set_aside.members_set_aside,
    array_to_string(letters.postal_codes, ' ') as postal_codes
from {{ ref('int_territories_unioned') }} as territories
left join {{ ref('int_territory_populations') }} as populations
    on {{ same_territory('territories', 'populations') }}
left join {{ ref('int_contours_simplified') }} as contours
    on {{ same_territory('territories', 'contours') }}
left join {{ ref('stg_etalab__communes') }} as letters
    on
        territories.territory_level = 'commune'
        and territories.territory_code = letters.code
        and letters.code_type = 'commune'
        and letters.cog_year = {{ var('cog_year') }}
left join {{ ref('iso_codes') }} as iso_codes
    on {{ same_territory('territories', 'iso_codes') }}
left join set_aside
    on {{ same_territory('territories', 'set_aside') }}

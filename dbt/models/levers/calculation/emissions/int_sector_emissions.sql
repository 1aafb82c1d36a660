with emissions as (
    select
        emissions.territory_level,
        emissions.territory_code,
        emissions.source,
        emissions.year,
        emissions.sector,
        emissions.value,
        emissions.unit,
        emissions.gases,
        emissions.scope,
        emissions.dataset_id,
        emissions.snapshot_id,
        chosen.total_value,
        chosen.sector_count
    from {{ ref('fct_territory_emissions') }} as emissions
    inner join {{ ref('int_inventory_years') }} as chosen
        on
            {{ same_territory('emissions', 'chosen') }}
            and emissions.source = chosen.source
            and emissions.year = chosen.year
    where emissions.in_total and emissions.value is not null
),

whole as (
    select *
    from emissions
    where sector_count > 1
    qualify dense_rank() over (
        partition by territory_level, territory_code order by year desc, source asc
    ) = 1
),

inventoried as (
    select distinct
        territory_level,
        territory_code
    from whole
),

territories as (
    select
        places.territory_level,
        places.territory_code,
        places.region_code,
        inventoried.territory_code is not null as has_inventory
    from {{ ref('int_territories_unioned') }} as places
    left join inventoried
        on {{ same_territory('places', 'inventoried') }}
    where places.is_in_scope
),

-- The part of a territory in its own region or, where that has none, in another, by the newest inventory.
-- Keys that give the same share count as one.
estimated as (
    select estimates.*
    from {{ ref('int_emission_estimates_derived') }} as estimates
    inner join territories
        on {{ same_territory('estimates', 'territories') }}
    where estimates.value > 0 and not estimates.is_repeated and not territories.has_inventory
    qualify dense_rank() over (
        partition by estimates.territory_level, estimates.territory_code
        order by
            estimates.region_code = territories.region_code desc,
            estimates.region_code asc,
            estimates.year desc,
            estimates.source asc
    ) = 1
),

-- A territory that is all of its region (share 1) is not estimated.
parts as (
    select
        territory_level,
        territory_code,
        region_code,
        source,
        year
    from estimated
    group by territory_level, territory_code, region_code, source, year
    having min(key_share) < 1
),

-- Every sector of the regional inventory, with what the keys that place it give.
placed as (
    select
        parts.territory_level,
        parts.territory_code,
        parts.region_code,
        regional.sector,
        if(count(estimated.key_id) > 0, 'estimate', 'unplaced') as nature,
        min(estimated.value) as least_value,
        max(estimated.value) as most_value,
        cast(count(estimated.key_id) as integer) as key_count,
        max(estimated.key_error_median_pct) as key_error_median_pct,
        max(estimated.key_error_worst_pct) as key_error_worst_pct,
        regional.value as inventory_value,
        regional.value / regional.total_value as inventory_share,
        regional.unit,
        regional.source,
        regional.year,
        regional.gases,
        regional.scope,
        regional.dataset_id,
        regional.snapshot_id
    from parts
    inner join emissions as regional
        on
            parts.region_code = regional.territory_code
            and regional.territory_level = 'region'
            and parts.source = regional.source
            and parts.year = regional.year
    left join estimated
        on
            {{ same_territory('parts', 'estimated') }}
            and regional.sector = estimated.sector
    group by all
    having count(estimated.key_id) > 0 or inventory_share >= {{ threshold('sector_named_share') }}
),

-- Emissions declared by some sites are a part of a sector that no key places.
of_sites as (
    select emissions.*
    from emissions
    inner join territories
        on {{ same_territory('emissions', 'territories') }}
    where
        emissions.sector_count = 1
        and not territories.has_inventory
        and emissions.source in (
            select sources.source_name
            from {{ ref('emission_sources') }} as sources
            inner join {{ ref('indicator_value_rules') }} as rules
                on sources.indicator_id = rules.indicator_id and rules.rule = 'few_sites'
        )
    qualify row_number() over (
        partition by emissions.territory_level, emissions.territory_code, emissions.sector
        order by emissions.year desc, emissions.source asc
    ) = 1
),

sectors as (
    select
        territory_level,
        territory_code,
        region_code,
        sector,
        nature,
        least_value,
        most_value,
        key_count,
        key_error_median_pct,
        key_error_worst_pct,
        inventory_value,
        inventory_share,
        unit,
        source,
        year,
        gases,
        scope,
        dataset_id,
        snapshot_id
    from placed
    union all by name
    select
        whole.territory_level,
        whole.territory_code,
        whole.sector,
        'inventory' as nature,
        whole.value as least_value,
        whole.value as most_value,
        whole.value as inventory_value,
        whole.value / whole.total_value as inventory_share,
        whole.unit,
        whole.source,
        whole.year,
        whole.gases,
        whole.scope,
        whole.dataset_id,
        whole.snapshot_id
    from whole
    inner join territories
        on {{ same_territory('whole', 'territories') }}
    union all by name
    select
        territory_level,
        territory_code,
        sector,
        'sites' as nature,
        value as least_value,
        unit,
        source,
        year,
        gases,
        scope,
        dataset_id,
        snapshot_id
    from of_sites
)

select * from sectors

with key_indicators as (
    select
        indicators.indicator_id,
        coalesce(indicators.same_series_as, indicators.indicator_id) as series_id,
        factors.mwh_per_unit
    from {{ ref('indicators') }} as indicators
    left join {{ ref('emission_factors') }} as factors on indicators.indicator_id = factors.indicator_id
),

wholes as (
    select
        indicator_id,
        territory_level,
        territory_code,
        arg_max(value, year) as value
    from {{ ref('fct_indicator_value') }}
    where value is not null and not is_anomalous and not is_entered
    group by indicator_id, territory_level, territory_code
    union all
    select
        'population' as indicator_id,
        territory_level,
        territory_code,
        population as value
    from {{ ref('dim_territory') }}
),

-- A ceiling that a series has failed in a territory binds it there in every year and in every coat, in MWh.
bound as (
    select
        measured.series_id,
        anomalies.territory_level,
        anomalies.territory_code,
        min(ceilings.max_ratio * ceilings.factor * measured.mwh_per_unit * wholes.value) as ceiling_mwh,
        arg_min(ceilings.reason_fr, ceilings.max_ratio * ceilings.factor * wholes.value) as reason
    from {{ ref('int_anomalies_detected') }} as anomalies
    inner join {{ ref('value_ceilings') }} as ceilings
        on
            anomalies.indicator_id = ceilings.indicator_id
            and anomalies.compared_indicator_id = ceilings.of_indicator_id
            and anomalies.kind = ceilings.kind
    inner join key_indicators as measured on ceilings.indicator_id = measured.indicator_id
    inner join wholes
        on
            ceilings.of_indicator_id = wholes.indicator_id
            and {{ same_territory('anomalies', 'wholes') }}
    where
        anomalies.is_impossible
        and anomalies.kind in ('implausible_per_head', 'implausible_per_dwelling')
        and measured.mwh_per_unit is not null
    group by measured.series_id, anomalies.territory_level, anomalies.territory_code
),

refused as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        if(kind in ('impossible_component', 'impossible_part'), expected_high, null) as mended_value,
        false as is_above_ceiling,
        reason
    from {{ ref('int_anomalies_detected') }}
    where is_impossible
    union all
    select
        known.indicator_id,
        known.territory_level,
        known.territory_code,
        known.year,
        null as mended_value,
        true as is_above_ceiling,
        {{ number_fr('known.value * measured.mwh_per_unit') }} || ' MWh, au-dessus du plafond de '
        || {{ number_fr('bound.ceiling_mwh') }} || '. ' || bound.reason as reason
    from bound
    inner join key_indicators as measured on bound.series_id = measured.series_id
    inner join {{ ref('fct_indicator_value') }} as known
        on
            measured.indicator_id = known.indicator_id
            and {{ same_territory('bound', 'known') }}
            and known.value * measured.mwh_per_unit > bound.ceiling_mwh
)

-- A total with an impossible part keeps what it has less the excess; any other value is unknown.
select
    refused.indicator_id,
    territories.region_code,
    refused.territory_level,
    refused.territory_code,
    refused.year,
    if(count(*) = count(refused.mended_value), min(refused.mended_value), null) as mended_value,
    bool_or(refused.is_above_ceiling) as is_above_ceiling,
    string_agg(distinct refused.reason, ' ' order by refused.reason) as reason
from refused
inner join {{ ref('int_territories_unioned') }} as territories
    on {{ same_territory('refused', 'territories') }}
semi join {{ ref('int_allocation_keys_listed') }} as listed
    on
        (refused.indicator_id, refused.territory_level)
        in ((listed.indicator_id, listed.key_level), (listed.spread_indicator_id, listed.spread_level))
group by all

with selected as (
    {{ values_of_sums("selected.is_rolled_up or selected.value_status = 'aggregated' as is_sum") }}
),

outliers as (
    select * from {{ ref('int_outliers_detected') }}
),

-- The ceiling comes from the nearest year of the other indicator that is no impossible outlier.
of_wholes as (
    select
        compared.ceiling_id,
        compared.indicator_id,
        compared.territory_level,
        compared.territory_code,
        compared.year,
        compared.value,
        compared.kind,
        compared.is_impossible,
        compared.reason_fr,
        compared.of_indicator_id,
        any_value(compared.ratio)
        * arg_min(compared.of_value, (compared.years_apart, compared.of_year)) as ceiling
    from {{ ref('int_ceilings_compared') }} as compared
    anti join outliers
        on
            compared.of_indicator_id = outliers.indicator_id
            and {{ same_territory('compared', 'outliers') }}
            and compared.of_year = outliers.year
            and outliers.is_impossible
    group by all
),

above_ceilings as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        kind,
        value,
        sum(value) over (partition by ceiling_id, territory_level, territory_code, year) as parts_sum,
        0 as expected_low,
        greatest(ceiling - (parts_sum - value), 0) as expected_high,
        of_indicator_id as compared_indicator_id,
        is_impossible,
        {{ number_fr('parts_sum') }}
        || ', au-dessus du plafond de ' || {{ number_fr('ceiling') }} || '. ' || reason_fr as reason
    from of_wholes
    qualify parts_sum > ceiling
),

above_wholes as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        'parts_above_whole' as kind,
        published_value as value,
        rolled_up_value / (1 + tolerance_pct / 100) as expected_low,
        rolled_up_value * (1 + tolerance_pct / 100) as expected_high,
        compared_indicator_id,
        false as is_impossible,
        'Les parties publiées font ' || {{ number_fr('rolled_up_value') }}
        || ', le tout ' || {{ number_fr('published_value') }} || '.' as reason
    from {{ ref('int_levels_reconciled') }}
    where
        indicator_id = compared_indicator_id
        and not is_within_tolerance
        and rolled_up_value > published_value
),

findings as (
    select * from outliers
    union all by name
    select * from above_ceilings
    union all by name
    select * from above_wholes
    union all by name
    select * from {{ ref('int_parts_above_departements_detected') }}
    union all by name
    select * from {{ ref('int_falls_detected') }}
),

-- `excess`: the value less the geometric middle of its expected range or, if that is 0, the lowest ceiling.
impossible_parts as (
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value,
        value - coalesce(max(nullif(sqrt(expected_low * expected_high), 0)), min(expected_high)) as excess,
        list(distinct coalesce(compared_indicator_id, '')) as compared_ids
    from findings
    where is_impossible
    group by indicator_id, territory_level, territory_code, year, value
),

composed as (
    select * exclude (is_sum) from selected
    union all
    select
        indicator_id,
        territory_level,
        territory_code,
        year,
        value
    from {{ ref('int_values_composed') }}
),

-- A total is impossible if the excess of its impossible parts is `impossible_share_of_sum` of it: those that
-- this total alone found impossible apart. So is a sum of territories below.
wholes_of_impossible as (
    select
        composed.indicator_id,
        composed.territory_level,
        composed.territory_code,
        composed.year,
        composed.value,
        sum(components.factor * impossible_parts.excess) as excess,
        string_agg(indicators.label_fr, ', ' order by components.component_id) as impossible_names
    from composed
    inner join {{ ref('int_indicator_parts_listed') }} as components
        on composed.indicator_id = components.indicator_id
    inner join impossible_parts
        on
            components.component_id = impossible_parts.indicator_id
            and {{ same_territory('composed', 'impossible_parts') }}
            and composed.year = impossible_parts.year
    inner join {{ ref('indicators') }} as indicators on components.component_id = indicators.indicator_id
    anti join impossible_parts as own
        on {{ same_value('composed', 'own') }}
    where impossible_parts.compared_ids <> [composed.indicator_id]
    group by all
    having abs(excess) >= {{ threshold('impossible_share_of_sum') }} * composed.value
),

impossible as (
    select * from impossible_parts
    union all by name
    select * from wholes_of_impossible
),

sums_of_impossible as (
    select
        sums.indicator_id,
        sums.territory_level,
        sums.territory_code,
        sums.year,
        sums.value,
        sum(impossible.excess) as excess,
        string_agg(territories.name, ', ' order by impossible.territory_code) as impossible_names
    from selected as sums
    inner join {{ ref('int_territory_parts') }} as parts
        on {{ same_territory('sums', 'parts') }}
    inner join impossible
        on
            sums.indicator_id = impossible.indicator_id
            and parts.part_level = impossible.territory_level
            and parts.part_code = impossible.territory_code
            and sums.year = impossible.year
    inner join {{ ref('int_territories_unioned') }} as territories
        on {{ same_territory('impossible', 'territories') }}
    where sums.is_sum
    group by sums.indicator_id, sums.territory_level, sums.territory_code, sums.year, sums.value
    having abs(sum(impossible.excess)) >= {{ threshold('impossible_share_of_sum') }} * sums.value
),

inherited as (
    select
        *,
        'impossible_component' as kind,
        'Le total comprend une valeur impossible : ' || impossible_names || '.' as reason
    from wholes_of_impossible
    union all
    select
        *,
        'impossible_part' as kind,
        'La somme comprend une valeur impossible : ' || impossible_names || '.' as reason
    from sums_of_impossible
),

findings_and_totals as (
    select * from findings
    union all by name
    select
        * exclude (excess, impossible_names),
        value - excess as expected_low,
        value - excess as expected_high,
        true as is_impossible
    from inherited
),

with_ratios as (
    select * from findings_and_totals
    union all by name
    -- A ratio is impossible if its numerator or its denominator is.
    select distinct
        indicators.indicator_id,
        findings_and_totals.territory_level,
        findings_and_totals.territory_code,
        findings_and_totals.year,
        true as is_impossible
    from findings_and_totals
    inner join {{ ref('indicators') }} as indicators
        on findings_and_totals.indicator_id in (indicators.numerator_id, indicators.denominator_id)
    where findings_and_totals.is_impossible
)

select
    indicator_id,
    territory_level,
    territory_code,
    year,
    kind,
    value,
    expected_low,
    expected_high,
    compared_indicator_id,
    is_impossible,
    reason
from with_ratios

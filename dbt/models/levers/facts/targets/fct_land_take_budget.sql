with budgets as (
    select
        budgets.obligation_id,
        budgets.lever_id,
        string_split(budgets.indicator_ids, ' ') as series,
        budgets.reference_from_year,
        budgets.reference_to_year,
        budgets.reference_share,
        budgets.budget_from_year,
        budgets.budget_to_year,
        string_split(obligations.except_region_codes, ' ') as except_region_codes,
        obligations.verified
    from {{ ref('legal_budgets') }} as budgets
    inner join {{ ref('legal_obligations') }} as obligations
        on
            budgets.obligation_id = obligations.obligation_id
            and obligations.territory_level = 'region'
    where budgets.obligation_id = 'land_take'
),

-- An incomplete year is given beside the sum of the budget, not in it.
flows as (
    select
        flows.indicator_id,
        list_position(budgets.series, flows.indicator_id) as place,
        flows.territory_level,
        flows.territory_code,
        flows.year,
        flows.value,
        flows.completeness_pct,
        flows.is_incomplete_year,
        flows.dataset_id,
        flows.snapshot_id,
        flows.year between budgets.reference_from_year and budgets.reference_to_year as is_of_reference,
        not flows.is_incomplete_year
        and flows.year between budgets.budget_from_year and budgets.budget_to_year as is_of_budget,
        budgets.reference_to_year - budgets.reference_from_year + 1 as reference_years,
        budgets.budget_from_year
    from {{ ref('fct_indicator_value') }} as flows
    inner join budgets on list_contains(budgets.series, flows.indicator_id)
    where flows.value is not null
),

-- The first series that has all years.
measured as (
    select
        territory_level,
        territory_code,
        indicator_id,
        {{ weighted_sum('if(is_of_reference, value, null)', '1') }} as reference_consumed,
        {{ weighted_sum('if(is_of_budget, value, null)', '1') }} as consumed,
        max(year) filter (where is_of_budget) as last_year,
        max(year) filter (where is_incomplete_year) as incomplete_year,
        arg_max(value, year) filter (where is_incomplete_year) as incomplete_year_consumed,
        min(completeness_pct) filter (where is_of_reference or is_of_budget) as completeness_pct,
        max(dataset_id) as dataset_id,
        max(snapshot_id) as snapshot_id
    from flows
    group by territory_level, territory_code, indicator_id
    having
        count(*) filter (where is_of_reference) = any_value(reference_years)
        and count(*) filter (where is_of_budget) = coalesce(last_year - any_value(budget_from_year) + 1, 0)
    qualify row_number() over (partition by territory_level, territory_code order by any_value(place)) = 1
),

territories as (
    select
        territories.territory_level,
        territories.territory_code,
        if(
            statuses.share_is <> 'none'
            and list_contains(budgets.except_region_codes, territories.region_code),
            'own_document',
            statuses.code
        ) as status
    from {{ ref('int_territories_unioned') }} as territories
    inner join {{ ref('legal_budget_statuses') }} as statuses
        on territories.territory_level = statuses.territory_level
    cross join budgets
    where territories.is_in_scope
)

select
    budgets.lever_id,
    territories.territory_level,
    territories.territory_code,
    'law' as basis,
    budgets.obligation_id,
    territories.status,
    statuses.label_fr as status_fr,
    statuses.share_is = 'obligation' as is_binding,
    measured.indicator_id,
    budgets.reference_from_year,
    budgets.reference_to_year,
    measured.reference_consumed,
    budgets.budget_from_year,
    budgets.budget_to_year,
    if(statuses.share_is = 'none', null, budgets.reference_share * measured.reference_consumed) as budget,
    measured.last_year,
    measured.consumed,
    if(
        measured.completeness_pct >= {{ threshold('whole_pct') }},
        100 * measured.consumed / nullif(budget, 0),
        null
    ) as used_pct,
    measured.incomplete_year,
    measured.incomplete_year_consumed,
    indicators.unit,
    measured.completeness_pct,
    budgets.verified,
    measured.dataset_id,
    measured.snapshot_id
from territories
cross join budgets
inner join {{ ref('legal_budget_statuses') }} as statuses on territories.status = statuses.code
left join measured
    on {{ same_territory('territories', 'measured') }}
left join {{ ref('indicators') }} as indicators on measured.indicator_id = indicators.indicator_id
order by
    territories.territory_level,
    territories.territory_code

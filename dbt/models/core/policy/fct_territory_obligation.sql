with territories as (
    select * from {{ ref('dim_territory') }}
    where is_in_scope
),

compared as (
    select
        territories.territory_level,
        territories.territory_code,
        obligations.obligation_id,
        obligations.obligation_order,
        territories.legal_type,
        territories.population,
        obligations.min_population,
        obligations.condition_code,
        list_contains(
            string_split(obligations.except_region_codes, ' '), territories.region_code
        ) as is_excepted,
        coalesce(obligations.legal_types, obligations.legal_types_of_any_size) is not null as depends_on_type,
        obligations.legal_types is null
        or list_contains(string_split(obligations.legal_types, ' '), territories.legal_type) as has_type,
        obligations.min_population is null
        or coalesce(
            list_contains(string_split(obligations.legal_types_of_any_size, ' '), territories.legal_type),
            false
        ) as has_any_size
    from {{ ref('dim_legal_obligation') }} as obligations
    inner join territories on obligations.territory_level = territories.territory_level
),

answered as (
    select
        *,
        case
            when is_excepted then 'other_text'
            when depends_on_type and legal_type is null then 'unknown'
            when not has_type then 'does_not_apply'
            when not has_any_size and population is null then 'unknown'
            when has_any_size or population > min_population
                then if(condition_code is null, 'applies', 'on_condition')
            when population > {{ threshold('just_below_share') }} * min_population then 'just_below'
            else 'does_not_apply'
        end as answer
    from compared
)

select
    answered.territory_level,
    answered.territory_code,
    answered.obligation_id,
    answered.obligation_order,
    answered.answer,
    {{ label_fr('obligation_answer', 'answered.answer') }} as answer_label_fr,
    case answered.answer
        when 'applies' then true
        when 'on_condition' then null
        when 'unknown' then null
        else false
    end as applies,
    if(answered.answer = 'on_condition', answered.condition_code, null) as condition_code,
    answered.legal_type,
    answered.population,
    answered.min_population
from answered

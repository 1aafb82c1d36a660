-- Overlapping gains are added in `gross_ktco2e` alone: elsewhere, only the largest of them counts.
with amounts as (
    select
        group_key,
        lever_id,
        lever_name_fr,
        amount_of,
        amount_ktco2e
    from {{ ref('int_chantier_levers_listed') }}
    unpivot (amount_ktco2e for amount_of in (target_ktco2e, done_or_planned_ktco2e))
),

overlapping as (
    {{ weigh_overlaps('amounts', ['group_key', 'amount_of'], 'amount_ktco2e') }}
)

select
    amounts.group_key,
    amounts.amount_of,
    string_agg(
        amounts.lever_name_fr, ' ; '
        order by amounts.lever_name_fr
    ) filter (where overlapping.lever_id is not null) as overlapping_names,
    sum(amounts.amount_ktco2e order by amounts.lever_id) as gross_ktco2e,
    sum(amounts.amount_ktco2e order by amounts.lever_id) filter (
        where not coalesce(overlapping.is_covered, false)
    ) as at_least_ktco2e,
    if(count(overlapping.lever_id) = 0, at_least_ktco2e, null) as sum_ktco2e
from amounts
left join overlapping
    on
        amounts.group_key = overlapping.group_key
        and amounts.amount_of = overlapping.amount_of
        and amounts.lever_id = overlapping.lever_id
group by amounts.group_key, amounts.amount_of

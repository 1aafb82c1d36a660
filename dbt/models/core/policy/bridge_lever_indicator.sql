-- A key divides a target and measures nothing.
with allocation_keys as (
    select
        lever_id,
        indicator_id,
        min(confidence) as link_confidence,
        min(source) as source
    from {{ ref('lever_allocation_keys') }}
    group by lever_id, indicator_id
),

linked as (
    select
        links.lever_id,
        links.indicator_id,
        links.role,
        links.priority,
        links.comparability,
        links.formula,
        conversions.factor,
        links.reason_fr,
        links.is_raw,
        links.link_confidence,
        links.source
    from {{ ref('lever_indicators') }} as links
    left join {{ ref('conversions') }} as conversions on links.formula = conversions.conversion
    union all
    select
        lever_id,
        indicator_id,
        'key' as role,
        2 as priority,
        'not_comparable' as comparability,
        null as formula,
        null as factor,
        'Clé de répartition : elle répartit, elle ne mesure pas.' as reason_fr,
        false as is_raw,
        link_confidence,
        source
    from allocation_keys
)

select
    linked.lever_id,
    linked.indicator_id,
    linked.role,
    linked.priority,
    linked.comparability,
    linked.formula,
    linked.factor,
    linked.reason_fr,
    linked.is_raw,
    linked.link_confidence,
    linked.source,
    {{ label_fr('role', 'linked.role') }} as role_label_fr,
    {{ label_fr('comparability', 'linked.comparability') }} as comparability_label_fr
from linked

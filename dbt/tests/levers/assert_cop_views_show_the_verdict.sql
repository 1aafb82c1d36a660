-- Each view of a COP shows the verdict of fct_lever_verdict, in the region of the territory and nowhere else.
with shown as (
    {% for view in ['diagnostic', 'objectives', 'allocation', 'roadmap'] %}
        select
            '{{ view }}' as view_name,
            levier_id as lever_id,
            niveau as territory_level,
            code_territoire as territory_code,
            verdict_statut as status,
            verdict_base as basis,
            verdict_confiance as confidence
        from {{ ref('mart_cop_' ~ view) }}
        where verdict_statut is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

expected as (
    select
        cop_views.view_name,
        verdicts.lever_id,
        verdicts.territory_level,
        verdicts.territory_code,
        verdicts.reading as status,
        verdicts.basis,
        verdicts.confidence
    from {{ ref('fct_lever_verdict') }} as verdicts
    inner join {{ ref('dim_territory') }} as territories
        on
            verdicts.territory_level = territories.territory_level
            and verdicts.territory_code = territories.territory_code
    cross join (values ('diagnostic'), ('objectives'), ('allocation'), ('roadmap')) as cop_views (view_name)
    where
        verdicts.is_shown
        -- a territory whose seat is elsewhere has rows of the region asked for only
        and exists (
            select 1
            from {{ ref('int_cop_levers_listed') }} as levers
            where
                levers.lever_id = verdicts.lever_id
                and levers.territory_level = verdicts.territory_level
                and levers.territory_code = verdicts.territory_code
                and levers.region_code = coalesce(territories.region_code, territories.territory_code)
        )
)

select
    expected.lever_id as expected_lever,
    shown.lever_id as shown_lever,
    coalesce(expected.view_name, shown.view_name) as view_name
from expected
full outer join shown
    on
        expected.view_name = shown.view_name
        and expected.lever_id = shown.lever_id
        and expected.territory_level = shown.territory_level
        and expected.territory_code = shown.territory_code
        and expected.status = shown.status
        and expected.basis = shown.basis
        and expected.confidence is not distinct from shown.confidence
where expected.lever_id is null or shown.lever_id is null

-- The objectives of a COP show the verdict of fct_lever_verdict, in the own region of the territory alone.
with shown as (
    select
        levier_id as lever_id,
        niveau as territory_level,
        code_territoire as territory_code,
        lecture as reading,
        base_libelle as basis_label_fr
    from {{ ref('cop_objectifs') }}
    where lecture is not null
),

expected as (
    select
        verdicts.lever_id,
        verdicts.territory_level,
        verdicts.territory_code,
        verdicts.reading,
        verdicts.basis_label_fr
    from {{ ref('fct_lever_verdict') }} as verdicts
    {{ join_framework_in_force('verdicts') }}
    inner join {{ ref('dim_territory') }} as territories
        on {{ same_territory('verdicts', 'territories') }}
    where
        verdicts.is_shown
        -- a territory whose seat is elsewhere has rows of the region asked for only
        and exists (
            select 1
            from {{ ref('fct_lever_part') }} as parts
            where
                parts.lever_id = verdicts.lever_id
                and {{ same_territory('parts', 'verdicts') }}
                and parts.region_code = coalesce(territories.region_code, territories.territory_code)
        )
)

select
    expected.lever_id as expected_lever,
    shown.lever_id as shown_lever
from expected
full outer join shown
    on
        expected.lever_id = shown.lever_id
        and {{ same_territory('expected', 'shown') }}
        and expected.reading = shown.reading
        and expected.basis_label_fr is not distinct from shown.basis_label_fr
where expected.lever_id is null or shown.lever_id is null

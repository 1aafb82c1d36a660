with expected as (
    select
        targets.lever_id,
        targets.region_code,
        communes.epci_code
    from {{ ref('int_sgpe_targets_joined') }} as targets
    inner join {{ ref('dim_territory') }} as communes
        on
            targets.region_code = communes.region_code
            and communes.territory_level = 'commune'
            and communes.is_in_scope
    where communes.epci_code is not null
    group by targets.lever_id, targets.region_code, communes.epci_code
)

select
    expected.lever_id,
    expected.region_code,
    expected.epci_code
from expected
anti join {{ ref('fct_lever_target_allocation') }} as parts
    on
        expected.lever_id = parts.lever_id
        and expected.region_code = parts.parent_code
        and expected.epci_code = parts.territory_code
        and parts.territory_level = 'epci'
        and parts.measure = 'ktco2e_avoided'

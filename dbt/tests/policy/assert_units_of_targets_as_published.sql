-- An id whose unit text changes in a new edition of the simulator may have changed its meaning.
select
    targets.lever_id,
    targets.region_code,
    targets.published_unit_fr
from {{ ref('int_sgpe_targets_joined') }} as targets
left join {{ ref('lever_target_units') }} as units on targets.lever_id = units.lever_id
where
    targets.co2_to_physical_ratio is not null
    and targets.published_unit_fr is distinct from units.published_unit_fr

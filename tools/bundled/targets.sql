select
    sim_id, lever_name, region_name, sector, lever_group, unit_phys, unit_co2, obj_co2, ratio_co2_to_phys,
    start_point_2019, show_target, edition_disabled, no_translation,
    (select attribution from marts.dim_dataset where dataset_id = 'sgpe_cop_simulator') as source
from raw_sgpe.sgpe_cop_simulator
where region_name = 'Occitanie'
order by sim_id

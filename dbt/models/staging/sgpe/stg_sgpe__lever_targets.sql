with simulator as (
    {% for schema, table in [
        ('raw_sgpe', 'sgpe_cop_simulator'), ('raw_leviers', 'bundled_sgpe_cop_simulator')
    ] %}
        select
            sim_id,
            region_name,
            unit_phys,
            obj_co2,
            ratio_co2_to_phys,
            start_point_2019,
            show_target,
            no_translation,
            snapshot_id
        from {{ source(schema, table) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    sim_id,
    region_name,
    'COP-2023' as framework_version,
    2030 as horizon_year,
    obj_co2 as avoided_ktco2e,
    trim(regexp_replace(unit_phys, '\s*\(en 2030.*$', '', 's')) as published_unit_fr,
    -- the tool writes 0 where it translates nothing
    case when not no_translation then ratio_co2_to_phys end as co2_to_physical_ratio,
    case when not no_translation then start_point_2019 end as start_point_2019,
    show_target,
    snapshot_id
from simulator
where region_name <> 'Région exemple'

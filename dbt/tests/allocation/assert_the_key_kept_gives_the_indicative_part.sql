-- The range holds the part of a line, and only one key is kept for it.
select
    parts.lever_id,
    parts.territory_level,
    parts.territory_code,
    parts.region_code,
    count(part_keys.lever_id) as kept_keys
from {{ ref('fct_lever_part') }} as parts
left join {{ ref('fct_lever_part_by_key') }} as part_keys
    on
        parts.lever_id = part_keys.lever_id
        and {{ same_territory('parts', 'part_keys') }}
        and parts.region_code = part_keys.region_code
        and parts.framework_version = part_keys.framework_version
        and parts.key_id = part_keys.key_id
        and part_keys.is_kept
        and abs(parts.part_ktco2e - part_keys.part_ktco2e) < 0.000001
        and parts.part_ktco2e between parts.least_ktco2e - 0.000001 and parts.most_ktco2e + 0.000001
where parts.territory_level <> 'region'
group by
    parts.lever_id,
    parts.territory_level,
    parts.territory_code,
    parts.region_code,
    parts.framework_version
having count(part_keys.lever_id) <> 1

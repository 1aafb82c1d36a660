-- The range holds the part of a line, and only one key is kept for it.
select
    parts.lever_id,
    parts.territory_level,
    parts.territory_code,
    parts.region_code,
    count(keys.lever_id) as kept_keys
from {{ ref('fct_lever_part') }} as parts
left join {{ ref('fct_lever_part_by_key') }} as keys
    on
        parts.lever_id = keys.lever_id
        and parts.territory_level = keys.territory_level
        and parts.territory_code = keys.territory_code
        and parts.region_code = keys.region_code
        and parts.key_id = keys.key_id
        and keys.is_kept
        and abs(parts.part_ktco2e - keys.part_ktco2e) < 0.000001
        and parts.part_ktco2e between parts.least_ktco2e - 0.000001 and parts.most_ktco2e + 0.000001
where parts.territory_level <> 'region'
group by parts.lever_id, parts.territory_level, parts.territory_code, parts.region_code
having count(keys.lever_id) <> 1

-- The range holds what mart_cop_allocation shows, and only one key is kept for a line.
select
    allocation.levier_id,
    allocation.niveau,
    allocation.code_territoire,
    allocation.code_region,
    count(ranges.levier_id) as kept_keys
from {{ ref('mart_cop_allocation') }} as allocation
left join {{ ref('mart_cop_allocation_range') }} as ranges
    on
        allocation.levier_id = ranges.levier_id
        and allocation.niveau = ranges.niveau
        and allocation.code_territoire = ranges.code_territoire
        and allocation.code_region = ranges.code_region
        and allocation.cle_indicative = ranges.cle_indicative
        and ranges.cle_retenue
        and abs(allocation.part_indicative_ktco2e - ranges.part_indicative_ktco2e) < 0.000001
        and allocation.part_indicative_ktco2e
        between ranges.part_min_ktco2e - 0.000001 and ranges.part_max_ktco2e + 0.000001
where allocation.niveau <> 'region'
group by allocation.levier_id, allocation.niveau, allocation.code_territoire, allocation.code_region
having count(ranges.levier_id) <> 1

-- The rows of a roadmap with the codes of what they name, and beside each the last version of its commitment.
create temp table named as
select
    * replace (
        {lever_id} as lever_id,
        {territory_code} as territory_code
    ),
    {numbers}
from (
    select
        * replace (
            {territory_level} as territory_level,
            {measure} as measure,
            {is_withdrawn} as is_withdrawn
        )
    from entered
);

create temp table identified as
select
    named.* replace (
        case
            when commitment_id <> '' then commitment_id
            else
                concat_ws(
                    '/',
                    roadmap, territory_level, territory_code, named.lever_id, measure, horizon_year,
                    if(measure = 'action', comparable(action), null)
                )
        end as commitment_id,
        case
            when comparable(named.unit) in (comparable(expected_unit), comparable(expected_label))
                then expected_unit
            else named.unit
        end as unit
    )
from (
    select
        named.*,
        levers.code is not null as is_known_lever,
        units.unit as physical_unit,
        case
            when named.measure = 'ktco2e_avoided' then 'ktCO2e'
            when starts_with(named.measure, 'physical_') then units.unit
        end as expected_unit,
        if(starts_with(named.measure, 'physical_'), labels.label_fr, expected_unit) as expected_label
    from named
    left join {levers} as levers on named.lever_id = levers.code
    left join {target_units} as units on named.lever_id = units.lever_id
    left join {unit_labels} as labels on units.unit = labels.unit
) as named;

create temp table checked as
select
    identified.*,
    territories.code is not null as is_known_territory,
    identified.territory_level in {levels} as is_known_level,
    coalesce(
        latest.lever_id <> identified.lever_id
        or latest.territory_level <> identified.territory_level
        or latest.territory_code <> identified.territory_code,
        false
    ) as is_other_commitment,
    coalesce(cast(latest.version as integer), 0) as last_version,
    latest.horizon_year as last_horizon,
    (
        latest.version is not null
        and identified.is_withdrawn = coalesce(latest.is_withdrawn, 'false')
        and (
            identified.is_withdrawn = 'true'
            or (
                identified.asked_number is not distinct from cast(latest.asked as double)
                and identified.done_or_planned_number is not distinct from cast(
                    latest.done_or_planned as double
                )
                and identified.new_ambition_number is not distinct from cast(latest.new_ambition as double)
                and identified.lever_id is not distinct from latest.lever_id
                and identified.territory_level is not distinct from latest.territory_level
                and identified.territory_code is not distinct from latest.territory_code
                and identified.horizon_year is not distinct from latest.horizon_year
                and identified.measure is not distinct from latest.measure
                and identified.roadmap is not distinct from latest.roadmap
                and identified.source is not distinct from latest.source
                and identified.unit = coalesce(latest.unit, '')
                and identified.action = coalesce(latest.action, '')
                and identified.responsible = coalesce(latest.responsible, '')
            )
        )
    ) as is_unchanged,
    $list_name as territory_list
from identified
left join territories
    on
        identified.territory_level = territories.territory_level
        and identified.territory_code = territories.code
left join (
    from history
    qualify row_number() over (partition by commitment_id order by cast(version as integer) desc) = 1
) as latest on identified.commitment_id = latest.commitment_id

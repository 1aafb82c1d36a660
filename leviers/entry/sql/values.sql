-- Values with the codes of what they name, in the unit of their indicator, and beside each its last version.
create temp table named as
select
    * replace (
        {indicator_id} as indicator_id,
        {territory_code} as territory_code
    ),
    {value} as value_number,
    'false' as is_withdrawn
from (
    select
        * replace (
            {territory_level} as territory_level,
            {value_status} as value_status
        )
    from entered
);

create temp table measured as
select
    named.* replace (
        if(
            comparable(named.unit) in (comparable(indicators.unit), comparable(labels.label_fr)),
            indicators.unit,
            named.unit
        ) as unit
    ),
    indicators.unit as indicator_unit,
    indicators.min_plausible,
    indicators.max_plausible,
    coalesce(labels.label_fr, indicators.unit) as unit_label
from named
left join {indicators} as indicators on named.indicator_id = indicators.code
left join {unit_labels} as labels on indicators.unit = labels.unit;

create temp table checked as
select
    measured.* exclude (min_plausible, max_plausible),
    if(measured.unit = indicator_unit, 1, cast(conversions.factor as double)) as rate,
    value_number * rate as converted,
    cast(coalesce(bounds.min_plausible, measured.min_plausible) as double) as min_plausible,
    cast(coalesce(bounds.max_plausible, measured.max_plausible) as double) as max_plausible,
    measured.indicator_id in (select indicator_id from {composed_series}) as is_composed,
    measured.territory_level in {levels} as is_known_level,
    territories.code is not null as is_known_territory,
    published_values.value as published_value,
    coalesce(cast(latest.version as integer), 0) as last_version,
    latest.version is not null
    and value_number = cast(latest.value as double)
    and measured.unit = latest.unit
    and measured.value_status = latest.value_status
    and measured.source = latest.source
    and measured.licence = latest.licence
    and measured.is_withdrawn = latest.is_withdrawn as is_unchanged,
    $list_name as territory_list
from measured
left join {conversions} as conversions
    on measured.unit = conversions.from_unit and measured.indicator_unit = conversions.to_unit
left join {plausible_bounds} as bounds
    on measured.indicator_id = bounds.indicator_id and measured.territory_level = bounds.territory_level
left join territories
    on measured.territory_level = territories.territory_level and measured.territory_code = territories.code
left join {published_values} as published_values
    on
        measured.indicator_id = published_values.indicator_id
        and measured.territory_level = published_values.territory_level
        and measured.territory_code = published_values.territory_code
        and measured.year = published_values.year
left join ({latest}) as latest
    on
        measured.indicator_id = latest.indicator_id
        and measured.territory_level = latest.territory_level
        and measured.territory_code = latest.territory_code
        and measured.year = latest.year

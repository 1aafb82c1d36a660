{#- Only its author knows which gases and what scope an entered inventory has. -#}
{% set unknown = 'non précisé : voir la source de la valeur saisie' %}
select
    indicator_values.territory_level,
    indicator_values.territory_code,
    indicator_values.year,
    sources.sector_fr as sector,
    sources.source_name || if(indicator_values.is_entered, ' : valeurs saisies', '') as source,
    {{ weighted_sum('indicator_values.value', '1') }} as value,
    max(indicator_values.unit) as unit,
    sources.in_total,
    bool_or(indicator_values.is_incomplete_year) as is_incomplete_year,
    bool_or(indicator_values.is_anomalous) as is_anomalous,
    max(indicator_values.dataset_id) as dataset_id,
    max(indicator_values.snapshot_id) as snapshot_id,
    max(sources.note_fr) as note,
    if(indicator_values.is_entered, '{{ unknown }}', max(sources.gases_fr)) as gases,
    if(indicator_values.is_entered, '{{ unknown }}', max(sources.scope_fr)) as scope
from {{ ref('fct_indicator_value') }} as indicator_values
inner join {{ ref('emission_sources') }} as sources
    on indicator_values.indicator_id = sources.indicator_id
group by
    indicator_values.territory_level,
    indicator_values.territory_code,
    indicator_values.year,
    sources.sector_fr,
    sources.source_name,
    indicator_values.is_entered,
    sources.in_total

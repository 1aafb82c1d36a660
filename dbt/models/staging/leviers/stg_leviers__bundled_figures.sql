-- The datasets of which figures ship with the project: the folders of ingestion/bundled.
{% set bundled = [
    'ademe_sinoe_dma',
    'agreste_census',
    'ecolab_irpe',
    'eu_ets_installations',
    'odre_registry_commune',
    'rpls_commune',
    'sdes_petroleum_departement',
] %}

{% for dataset_id in bundled %}
select
    indicator_id,
    territory_level,
    territory_code,
    cast(year as integer) as year,
    reference_date,
    value,
    unit as source_unit,
    value_status,
    is_provisional,
    snapshot_id
from {{ source('raw_leviers', 'bundled_' ~ dataset_id) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}

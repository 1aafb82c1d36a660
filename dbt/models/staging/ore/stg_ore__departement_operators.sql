select
    received.operator,
    received.energy,
    received.departement_code,
    received.region_code,
    received.year,
    received.consumption,
    {% for sector in ['residential', 'tertiary', 'industrial', 'agricultural', 'unknown'] %}
        received.{{ sector }}_consumption,
        received.{{ sector }}_sites,
        received.{{ sector }}_hidden_cells,
    {% endfor %}
    received.residential_sites
    + received.tertiary_sites
    + received.industrial_sites
    + received.agricultural_sites
    + received.unknown_sites as operator_sites,
    coalesce(corrections.factor, 1) as mwh_per_unit,
    received.snapshot_id
from {{ source('raw_ore', 'ore_consumption_departement_sector') }} as received
left join {{ ref('value_corrections') }} as corrections
    on
        corrections.dataset_id = 'ore_consumption_departement_sector'
        and corrections.kind = 'multiply'
        and received.operator = corrections.source_key
        and received.departement_code = corrections.territory_code
        and received.year between corrections.year_from and corrections.year_to

{%- set waste = {
    'hazardous_waste': 'cast(null as varchar)', 'non_hazardous_waste': 'cast(null as varchar)',
    'treated_waste': 'operation_code'
} %}
select
    'emissions' as declaration,
    pollutant as subject,
    site_id,
    commune_code,
    year,
    quantity,
    quantity_status,
    unit,
    snapshot_id
from {{ source('raw_dgpr', 'irep__emissions') }}
where medium = 'Air'
{% for table, subject in waste.items() %}
    union all
    select
        '{{ table }}' as declaration,
        {{ subject }} as subject,
        site_id,
        null as commune_code,
        year,
        quantity,
        quantity_status,
        null as unit,
        snapshot_id
    from {{ source('raw_dgpr', 'irep__' ~ table) }}
{% endfor %}
{% for water in ['groundwater', 'surface_water'] %}
    union all
    select
        'withdrawals' as declaration,
        '{{ water }}' as subject,
        site_id,
        null as commune_code,
        year,
        {{ water }} as quantity,
        {{ water }}_status as quantity_status,
        null as unit,
        snapshot_id
    from {{ source('raw_dgpr', 'irep__withdrawals') }}
    where {{ water }}_status != 'missing'
{% endfor %}

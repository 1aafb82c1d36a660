{% set sectors = ['residential', 'tertiary', 'industrial', 'agricultural'] %}

with

operators as (

    select
        received.*,
        coalesce(corrections.factor, 1) as mwh_per_unit
    from {{ source('raw_ore', 'ore_consumption_departement_sector') }} as received
    left join {{ ref('value_corrections') }} as corrections
        on
            corrections.dataset_id = 'ore_consumption_departement_sector'
            and corrections.kind = 'multiply'
            and received.operator = corrections.source_key
            and received.departement_code = corrections.territory_code
            and received.year between corrections.year_from and corrections.year_to

),

-- An operator who gives all of it to no known sector has not said what the others use.
figures as (

    select
        energy,
        departement_code,
        year,
        snapshot_id,
        'consumption' as measure,
        consumption * mwh_per_unit as mwh,
        residential_hidden_cells
        + tertiary_hidden_cells
        + industrial_hidden_cells
        + agricultural_hidden_cells
        + unknown_hidden_cells as hidden_cells,
        false as is_unsaid
    from operators
    {% for sector in sectors %}
        union all
        select
            energy,
            departement_code,
            year,
            snapshot_id,
            '{{ sector }}_consumption' as measure,
            {{ sector }}_consumption * mwh_per_unit as mwh,
            {{ sector }}_hidden_cells as hidden_cells,
            consumption > 0 and consumption = unknown_consumption as is_unsaid
        from operators
    {% endfor %}

),

-- A sum that leaves cells out goes with a secret row, so that it is nowhere taken for the whole.
rows_of_figures as (

    select
        *,
        if(is_unsaid or (mwh = 0 and hidden_cells > 0), null, mwh) as known_mwh,
        if(is_unsaid, 'missing', if(mwh = 0 and hidden_cells > 0, 'secret', 'observed')) as mwh_status
    from figures
    union all
    select
        *,
        null as known_mwh,
        'secret' as mwh_status
    from figures
    where hidden_cells > 0 and mwh > 0 and not is_unsaid

),

measured as (

    select
        energy || '/' || measure as series,
        departement_code as territory_code,
        year as consumption_year,
        known_mwh,
        mwh_status,
        snapshot_id
    from rows_of_figures

)

select
    {{ observation_columns("departement", "consumption_year", value="known_mwh", status="mwh_status") }}
from measured

{#- Grain: measure x departement x year x operator, twice where the operator hides cells. MWh of electricity
and of gas in all sectors and in each of four, in the series that ended in 2021. Cells under secrecy are not
in a sum, which is then a lower bound, with a secret row beside it. Completeness is the share of the points of
delivery whose use is known: a hidden cell counts as one point, the least it has, and an operator without a
point counts nothing. A sector that an operator gave to none (Corsica until 2016) is missing, not zero. An
operator that writes kWh is in `value_corrections`. A departement without gas has no row. -#}
{% set sectors = ['residential', 'tertiary', 'industrial', 'agricultural'] %}

with operators as (
    {{ ore_operators() }}
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
        operator_sites as sites,
        operator_sites,
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
            {{ sector }}_sites as sites,
            operator_sites,
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
        if(is_unsaid, 'missing', if(mwh = 0 and hidden_cells > 0, 'secret', 'observed')) as mwh_status,
        case
            when is_unsaid then 0
            when mwh = 0 and hidden_cells > 0 then hidden_cells
            else sites
        end as points,
        1 as source_rows
    from figures
    union all
    select
        * replace (0 as operator_sites),
        null as known_mwh,
        'secret' as mwh_status,
        hidden_cells as points,
        0 as source_rows
    from figures
    where hidden_cells > 0 and mwh > 0 and not is_unsaid
),

-- Completeness is by points of delivery: those of hidden cells are not said, each has one at least. An
-- operator that says no sector hides its share of all points.
weighed as (
    select
        *,
        sum(points) over each_series as all_points,
        coalesce(
            100
            * sum(if(known_mwh is null, 0, points)) over each_series / nullif(all_points, 0)
            * (1 - coalesce(
                sum(if(is_unsaid, operator_sites, 0)) over each_series
                / nullif(sum(operator_sites) over each_series, 0),
                0
            )),
            avg(if(known_mwh is null, 0, 100)) over each_series
        ) as completeness
    from rows_of_figures
    window each_series as (partition by energy, measure, departement_code, year, snapshot_id)
),

-- An operator that supplies no one tells nothing where others do.
measured as (
    select
        energy || '/' || measure as series,
        departement_code as territory_code,
        year as consumption_year,
        known_mwh,
        mwh_status,
        completeness,
        source_rows,
        snapshot_id
    from weighed
    where points > 0 or known_mwh > 0 or is_unsaid or all_points = 0
)

select
    {{ observation_columns(
        "departement", "consumption_year",
        value="known_mwh", status="mwh_status", completeness="completeness",
        source_rows="source_rows"
    ) }}
from measured

{#- Grain: series x commune x year of the diagnosis. Diagnoses of existing dwellings by class and by heating
energy, and of new ones, counted by the server. Left out there: diagnoses of buildings (their dwellings count
one by one, those included whose diagnosis was made from that of the building), and diagnoses that replace
another one, so that a dwelling counts once, with the class of its first diagnosis. Left out here: those
without a commune. Diagnosed dwellings are not the housing stock. A commune without a row had no diagnosis in
the year.
unique: [series, territory_code, year] -#}
with existing as (
    select
        unnest([
            'existing',
            'existing/' || dpe_class,
            if(dpe_class in ('F', 'G'), 'existing/F+G', null),
            -- the first word of an energy with several forms: Bois – Bûches, Bois – Granulés
            'existing/' || split_part(heating_energy, ' ', 1)
        ]) as series,
        commune_code,
        year(year_start) as established_year,
        diagnoses,
        snapshot_id
    from {{ source('raw_ademe', 'ademe_dpe_existing_commune') }}
),

new as (
    select
        unnest(['new', if(heating_energy = 'Gaz naturel', 'new/Gaz', null)]) as series,
        commune_code,
        year(year_start) as established_year,
        diagnoses,
        snapshot_id
    from {{ source('raw_ademe', 'ademe_dpe_new_commune') }}
),

counted as (
    select * from existing
    union all
    select * from new
),

-- 2021 begins in July; the newest year is not over.
summed as (
    select
        series,
        commune_code as territory_code,
        established_year,
        sum(diagnoses) as value,
        count(*) as source_rows,
        snapshot_id,
        established_year in (2021, max(established_year) over (partition by snapshot_id)) as is_partial
    from counted
    where
        commune_code <> 'INCONNU'
        -- neither a class nor an energy, and energies that no lever replaces
        and series not in (
            'existing/INCONNU', 'existing/GPL', 'existing/Propane', 'existing/Butane', 'existing/Charbon'
        )
    group by series, commune_code, established_year, snapshot_id
)

select
    {{ observation_columns(
        "commune", "established_year", is_provisional="is_partial", is_part_of_year="is_partial",
        source_rows="source_rows"
    ) }}
from summed

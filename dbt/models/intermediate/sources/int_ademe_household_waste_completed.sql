{#- Grain: treatment x departement x odd year. Tonnes of household and similar waste, by treatment, in total,
and recovered (material and organic). The treatments that a departement writes make its whole (per head it is
that of hub 42 within 0.2 % in 2019), so that one it does not write is zero; where more than 1 % is not
specified, one that it does not write is unknown, and the treatments it writes, recovered waste among them,
are lower bounds.
unique: [series, territory_code, year] -#}
with waste as (
    select
        departement_code,
        year as collected_year,
        service_code,
        sum(cast(tonnage as decimal(18, 6))) as tonnage,
        any_value(snapshot_id) as snapshot_id,
        count(*) as source_rows
    from {{ ref('stg_ademe__household_waste') }}
    group by departement_code, year, service_code
),

collected as (
    select
        departement_code,
        collected_year,
        100 * coalesce(sum(tonnage) filter (where service_code = '02Z'), 0) / nullif(sum(tonnage), 0)
            as unspecified_pct,
        any_value(snapshot_id) as snapshot_id
    from waste
    group by departement_code, collected_year
),

treatments as (
    select distinct service_code from waste
),

-- Where all treatments are specified they make the whole of a departement: one not written took nothing.
treated as (
    select
        collected.departement_code as territory_code,
        collected.collected_year,
        treatments.service_code,
        collected.snapshot_id,
        coalesce(collected.unspecified_pct > {{ threshold('most_unspecified_pct') }}, false)
            as is_partly_unspecified,
        waste.service_code is null and is_partly_unspecified as is_unknown,
        if(is_partly_unspecified, 100 - collected.unspecified_pct, 100) as specified_pct,
        if(waste.service_code is null and not is_partly_unspecified, 0, waste.tonnage) as tonnage,
        coalesce(waste.source_rows, 0) as source_rows
    from collected
    cross join treatments
    left join waste
        on
            collected.departement_code = waste.departement_code
            and collected.collected_year = waste.collected_year
            and treatments.service_code = waste.service_code
),

summed as (
    select
        -- the lever counts material (02A) and organic (02E) recovery together, and nothing else as recovered
        unnest([
            service_code, if(service_code in ('02A', '02E'), 'recovered', 'not recovered'), 'total'
        ]) as series,
        territory_code,
        collected_year,
        tonnage,
        source_rows,
        is_unknown,
        specified_pct,
        snapshot_id
    from treated
),

-- Waste without a specified treatment is a part of the total, and counts as not recovered.
totals as (
    select
        series,
        territory_code,
        collected_year,
        snapshot_id,
        sum(source_rows) as source_rows,
        if(series in ('02Z', 'not recovered', 'total'), 100, specified_pct) as known_pct,
        if(
            count(tonnage) = count(*) filter (where not is_unknown),
            cast(sum(cast(tonnage as decimal(28, 9))) as double),
            null
        ) as tonnes
    from summed
    group by series, territory_code, collected_year, specified_pct, snapshot_id
)

select
    {{ observation_columns(
        "departement", "collected_year", value="tonnes", completeness="if(tonnes is null, 0, known_pct)",
        source_rows="source_rows"
    ) }}
from totals

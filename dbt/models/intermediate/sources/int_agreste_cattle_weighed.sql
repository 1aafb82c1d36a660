{#- Grain: series x departement x year. Cattle on 31 December in heads, and in livestock units where the
classes of the source are all known and sum to the herd.
unique: [series, territory_code, year] -#}
with herd as (
    select * from {{ ref('stg_agreste__cattle') }}
),

totals as (
    select
        territory_code,
        herd_year,
        release,
        snapshot_id,
        heads
    from herd
    where regexp_full_match(item, '(total|ensemble) (espece bovine|bovins)')
),

classes as (
    select
        herd.territory_code,
        herd.herd_year,
        herd.snapshot_id,
        count(*) as class_rows,
        sum(herd.heads) as heads,
        sum(herd.heads * units.lsu_per_head) as livestock_units,
        count(distinct units.item_pattern) filter (where herd.heads is not null) as class_count
    from herd
    inner join {{ ref('livestock_units') }} as units on regexp_full_match(herd.item, units.item_pattern)
    group by herd.territory_code, herd.herd_year, herd.snapshot_id
),

-- Livestock units are known where all classes are, and make up the whole herd.
measured as (
    select
        totals.territory_code,
        totals.herd_year,
        totals.release,
        totals.snapshot_id,
        totals.heads,
        classes.class_rows,
        case
            when
                classes.class_count = (select count(*) from {{ ref('livestock_units') }})
                and abs(classes.heads - totals.heads) <= {{ threshold('herd_classes_share') }} * totals.heads
                then classes.livestock_units
        end as livestock_units
    from totals
    left join classes
        on
            totals.territory_code = classes.territory_code
            and totals.herd_year = classes.herd_year
            and totals.snapshot_id = classes.snapshot_id
),

observed as (
    select
        territory_code,
        herd_year,
        release,
        snapshot_id,
        class_rows,
        series,
        value
    from measured
    unpivot include nulls (value for series in (heads, livestock_units))
)

select
    {{ observation_columns(
        "departement", "herd_year", "make_date(herd_year, 12, 31)",
        is_provisional="release = 'provisional'",
        source_rows="if(series = 'heads', 1, coalesce(class_rows, 0))"
    ) }}
from observed

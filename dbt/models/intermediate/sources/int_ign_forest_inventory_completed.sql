{#- Grain: series x level x territory x date. Forest area in hectares and carbon flows of the forest in tonnes
of carbon a year, estimated on a sample of plots, and the half width of the 95 % interval of each. An estimate
that the inventory calls not significant is below its threshold, and so is its interval. A flow of harvest or
mortality is positive and leaves the balance.
unique: [series, territory_level, territory_code, reference_date] -#}
{% set levels = ['departement', 'region'] %}

with published as (
    select
        published_level,
        hub_id,
        territory_code,
        date_mesure,
        lower(strip_accents(category)) as category,
        value as raw_estimate,
        if(significant, value, null) as estimate,
        if(significant, half_interval, null) as half_interval,
        coalesce(significant, false) as is_significant,
        snapshot_id
    from {{ ref('stg_ign__forest_inventory') }}
),

-- The spelling of the categories is not confirmed: the stem of a word stands for each.
estimates as (
    select
        * exclude (category),
        case
            when regexp_matches(category, '^(total|ensemble|tou[ts])') then 'total'
            else coalesce(
                nullif(regexp_extract(category, 'priv|domanial|publi|bilan|product|prelev|mortal'), ''),
                category
            )
        end as category
    from published
),

-- Without a total of the inventory, the owners make up the forest, those below the threshold included. Their
-- intervals do not add up: this sum has none.
summed_owners as (
    select
        published_level,
        territory_code,
        date_mesure,
        {{ sum_if_complete('raw_estimate') }} as estimate,
        count(raw_estimate) = count(*) as is_complete,
        max(snapshot_id) as snapshot_id,
        count(*) as source_rows
    from estimates
    where hub_id = '1215'
    group by published_level, territory_code, date_mesure
    having count(*) > 1 and not coalesce(bool_or(category = 'total'), false)
),

figures as (
    {% for figure in ['estimate', 'half_interval'] %}
        select
            concat_ws('/', hub_id, category, '{{ figure }}') as series,
            published_level,
            territory_code,
            date_mesure,
            {{ figure }} as figure,
            is_significant,
            snapshot_id,
            1 as source_rows
        from estimates
        where category not in ('domanial', 'publi')

        union all

    {% endfor %}
    select
        '1215/total/estimate' as series,
        published_level,
        territory_code,
        date_mesure,
        estimate as figure,
        is_complete as is_significant,
        snapshot_id,
        source_rows
    from summed_owners
)

{% for level in levels %}
    select
        {{ observation_columns(
            level, "year(date_mesure)", "date_mesure", value="figure",
            status="if(is_significant, 'estimated', 'below_threshold')", source_rows="source_rows"
        ) }}
    from figures
    where published_level = '{{ level }}'
    {% if not loop.last %}union all{% endif %}
{% endfor %}

{% set levels = ['departement', 'region'] %}

with

published as (

    {% for level in levels %}
        select
            '{{ level }}' as published_level,
            hub_id,
            {{ level }}_code as territory_code,
            date_mesure,
            lower(strip_accents(category)) as category,
            value as raw_estimate,
            if(significant, value, null) as estimate,
            if(significant, half_interval, null) as half_interval,
            coalesce(significant, false) as is_significant,
            snapshot_id
        from {{ source('raw_ign', 'ign_forest_inventory__' ~ level) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

estimates as (

    select
        *,
        case
            when hub_id = '1215' and regexp_matches(category, '^(total|ensemble|tou[ts])') then 'forest_area'
            when hub_id = '1215' and category like '%priv%' then 'forest_area_private'
            when hub_id = '1224' and category like '%bilan%' then 'forest_carbon_balance'
            when hub_id = '1224' and category like '%product%' then 'forest_carbon_growth'
            when hub_id = '1224' and category like '%prelev%' then 'forest_carbon_harvest'
            when hub_id = '1224' and category like '%mortal%' then 'forest_carbon_mortality'
        end as indicator_id
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
        max(snapshot_id) as snapshot_id
    from estimates
    where hub_id = '1215'
    group by published_level, territory_code, date_mesure
    having count(*) > 1 and not coalesce(bool_or(indicator_id = 'forest_area'), false)

),

figures as (

    {% for suffix, figure in [('', 'estimate'), ('_half_interval', 'half_interval')] %}
        select
            indicator_id || '{{ suffix }}' as indicator_id,
            published_level,
            territory_code,
            date_mesure,
            {{ figure }} as figure,
            is_significant,
            if(hub_id = '1215', 'ha', 'tC') as source_unit,
            snapshot_id
        from estimates
        where indicator_id is not null

        union all

    {% endfor %}
    select
        'forest_area' as indicator_id,
        published_level,
        territory_code,
        date_mesure,
        estimate as figure,
        is_complete as is_significant,
        'ha' as source_unit,
        snapshot_id
    from summed_owners

)

{% for level in levels %}
    select
        {{ named_observation_columns(
            level, "source_unit", "year(date_mesure)", "date_mesure", value="figure",
            status="if(is_significant, 'estimated', 'below_threshold')"
        ) }}
    from figures
    where published_level = '{{ level }}'
    {% if not loop.last %}union all{% endif %}
{% endfor %}

{#- The quantity of a part is the change that the State asks of the region, times the share of the part. -#}
with changes as (
    select
        targets.lever_id,
        targets.region_code,
        targets.framework_version,
        targets.horizon_year,
        phrases.quantity_kind,
        phrases.is_whole,
        phrases.quantity_unit_fr,
        phrases.phrase_fr,
        phrases.phrase_one_fr,
        phrases.scale_kind,
        phrases.quantity_factor * targets.start_2019 as start_quantity,
        phrases.quantity_factor
        * if(
            phrases.quantity_kind = 'shared' and targets.semantics = 'level',
            targets.physical_value - targets.start_2019,
            targets.physical_value
        ) as asked_quantity,
        if(
            targets.physical_value is null,
            coalesce(
                targets.refused_fr, 'L''État chiffre ce levier en CO2 seulement, sans unité physique.'
            ),
            null
        ) as no_quantity_reason
    from {{ ref('int_sgpe_targets_joined') }} as targets
    left join {{ ref('lever_phrases') }} as phrases on targets.lever_id = phrases.lever_id
),

choices as (
    select unnest([2, 3, 4, 5, 6, 7, 8, 9, 10]) as of_many
),

-- How many of how many, as it is said: the fewest that are within 1.5 % of all, or the nearest.
ratios as (
    select
        changes.lever_id,
        changes.region_code,
        changes.framework_version,
        changes.horizon_year,
        round(choices.of_many * changes.asked_quantity / -changes.start_quantity) as how_many,
        choices.of_many
    from changes
    cross join choices
    where changes.scale_kind = 'count' and changes.start_quantity < 0
    qualify
        row_number() over (
            partition by
                changes.lever_id, changes.region_code, changes.framework_version, changes.horizon_year
            order by
                greatest(
                    0.015,
                    abs(
                        round(choices.of_many * changes.asked_quantity / -changes.start_quantity)
                        / choices.of_many - changes.asked_quantity / -changes.start_quantity
                    )
                ),
                choices.of_many
        ) = 1
),

quantities as (
    select
        parts.lever_id,
        parts.territory_level,
        parts.territory_code,
        parts.region_code,
        parts.framework_version,
        parts.horizon_year,
        changes.quantity_kind,
        changes.is_whole,
        changes.quantity_unit_fr,
        changes.phrase_fr,
        changes.phrase_one_fr,
        changes.scale_kind,
        changes.no_quantity_reason,
        changes.asked_quantity * if(changes.quantity_kind = 'rate', 1, parts.key_share) as quantity,
        if(
            changes.quantity_kind = 'shared',
            changes.start_quantity * parts.key_share,
            null
        ) as start_quantity,
        ratios.how_many,
        ratios.of_many,
        if(territories.crosses_regions, null, territories.population) as population
    from {{ ref('int_cop_parts_pivoted') }} as parts
    inner join changes
        on
            parts.lever_id = changes.lever_id
            and parts.region_code = changes.region_code
            and parts.framework_version = changes.framework_version
            and parts.horizon_year = changes.horizon_year
    left join ratios
        on
            parts.lever_id = ratios.lever_id
            and parts.region_code = ratios.region_code
            and parts.framework_version = ratios.framework_version
            and parts.horizon_year = ratios.horizon_year
    left join {{ ref('dim_territory') }} as territories
        on {{ same_territory('parts', 'territories') }}
),

rounded as (
    select
        *,
        case
            when quantity <= 0 then null
            when is_whole then {{ whole_things('quantity') }}
            else {{ two_figures('quantity') }}
        end as said_quantity,
        -- Only a level that is to fall starts from a stock.
        if(start_quantity < 0, -start_quantity, null) as stock_quantity
    from quantities
),

scaled as (
    select
        *,
        case
            when said_quantity is null then null
            when scale_kind = 'head' then population / quantity
            when scale_kind = 'start' then 100 * quantity / stock_quantity
            when scale_kind = 'tonnes' then quantity * population / 1000
        end as scale
    from rounded
)

select
    lever_id,
    territory_level,
    territory_code,
    region_code,
    framework_version,
    horizon_year,
    quantity_kind,
    quantity,
    quantity_unit_fr,
    no_quantity_reason,
    replace(
        if(said_quantity < 2, coalesce(phrase_one_fr, phrase_fr), phrase_fr),
        '{n}',
        if(said_quantity = 0, 'moins de 1', {{ number_fr('said_quantity') }})
    ) as phrase,
    case
        when said_quantity is null then null
        when scale_kind = 'count' then how_many::integer || ' sur ' || of_many
        when scale_kind = 'head' and scale >= 2
            then '1 pour ' || {{ number_fr(two_figures('scale')) }} || ' habitants'
        when scale_kind = 'start' and scale > 0
            then {{ number_fr(two_figures('scale')) }} || ' % du niveau de 2019'
        when scale_kind = 'tonnes' and scale > 0
            then {{ number_fr(two_figures('scale')) }} || ' t ici'
    end as scale_phrase
from scaled

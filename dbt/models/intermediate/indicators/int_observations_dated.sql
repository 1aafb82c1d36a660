with converted as (
    select
        observations.indicator_id,
        observations.territory_level,
        observations.territory_code,
        observations.year,
        observations.reference_date,
        observations.value * if(observations.source_unit = indicators.unit, 1, conversions.factor) as value,
        observations.value_status,
        observations.completeness_pct,
        observations.masked_count,
        observations.is_provisional,
        observations.is_part_of_year,
        observations.members,
        observations.source_rows,
        observations.snapshot_id,
        {{ dataset_of('observations.snapshot_id') }} as dataset_id
    from {{ ref('int_observations_unioned') }} as observations
    inner join {{ ref('indicators') }} as indicators on observations.indicator_id = indicators.indicator_id
    left join {{ ref('conversions') }} as conversions
        on observations.source_unit = conversions.from_unit and indicators.unit = conversions.to_unit
),

corrected as (
    select
        converted.*,
        corrections.correction_id,
        corrections.kind,
        coalesce(corrections.kind = 'zero_is_missing', false) as is_missing
    from converted
    left join {{ ref('value_corrections') }} as corrections
        on
            {{ is_corrected_by('converted', 'corrections') }}
            and (
                (corrections.kind = 'zero_is_missing' and converted.value = 0)
                or corrections.kind = 'drop'
            )
),

observations as (
    select
        corrected.indicator_id,
        corrected.territory_level,
        corrected.territory_code,
        corrected.year,
        corrected.reference_date,
        cast(if(corrected.is_missing, null, corrected.value) as double) as value,
        if(corrected.is_missing, 'missing', corrected.value_status) as value_status,
        if(corrected.is_missing, 0, corrected.completeness_pct) as completeness_pct,
        corrected.masked_count,
        corrected.is_provisional,
        corrected.is_part_of_year,
        corrected.members,
        corrected.source_rows,
        corrected.dataset_id,
        corrected.snapshot_id,
        corrected.correction_id,
        corrected.kind = 'drop' as is_dropped
    from corrected
    inner join {{ ref('stg_leviers__datasets') }} as datasets on corrected.dataset_id = datasets.dataset_id
    -- values under an undeclared licence stay in the raw and staging schemas, which are not published
    where datasets.republish
),

vintages as (
    select * from {{ ref('int_commune_vintages_detected') }}
),

-- The country is a territory even if the list of communes covers one region.
territories as (
    select distinct
        territory_level,
        territory_code
    from {{ ref('int_commune_memberships') }}
    where territory_level <> 'commune'
    union
    select
        'pays' as territory_level,
        'FR' as territory_code
),

commune_codes as (
    select
        from_year,
        from_code,
        bool_and(event in ('unchanged', 'code_change')) as carries_rates
    from {{ ref('int_commune_codes_mapped') }}
    where to_year = {{ var('cog_year') }}
    group by from_year, from_code
),

dated as (
    select
        observations.*,
        vintages.cog_year
    from observations
    left join vintages
        on
            observations.territory_level = 'commune'
            and observations.snapshot_id = vintages.snapshot_id
),

arrondissements as (
    select * from {{ ref('int_commune_codes_folded') }}
    where code_type = 'arrondissement'
),

whole_communes as (
    select distinct
        dated.indicator_id,
        dated.year,
        dated.cog_year,
        dated.territory_code
    from dated
    semi join arrondissements
        on
            dated.cog_year = arrondissements.cog_year
            and dated.territory_code = arrondissements.commune_code
)

select
    dated.indicator_id,
    dated.territory_level,
    dated.territory_code,
    dated.cog_year,
    dated.year,
    dated.reference_date,
    dated.value,
    dated.value_status,
    dated.completeness_pct,
    dated.masked_count,
    dated.is_provisional,
    dated.is_part_of_year,
    dated.members,
    dated.source_rows,
    dated.dataset_id,
    dated.snapshot_id,
    dated.correction_id,
    case
        when dated.is_dropped
            then 'dropped_by_correction'
        when dated.territory_level <> 'commune'
            then if(territories.territory_code is null, 'not_reference_year', null)
        when commune_codes.from_code is null
            then 'no_vintage'
        when whole_communes.territory_code is not null
            then 'whole_commune_known'
        when not commune_codes.carries_rates and not indicators.is_additive
            then 'rate_not_carried'
    end as rejection_reason
from dated
left join {{ ref('indicators') }} as indicators
    on dated.indicator_id = indicators.indicator_id
left join commune_codes
    on
        dated.cog_year = commune_codes.from_year
        and dated.territory_code = commune_codes.from_code
left join territories
    on {{ same_territory('dated', 'territories') }}
left join arrondissements
    on
        dated.cog_year = arrondissements.cog_year
        and dated.territory_code = arrondissements.code
left join whole_communes
    on
        dated.indicator_id = whole_communes.indicator_id
        and dated.year = whole_communes.year
        and dated.cog_year = whole_communes.cog_year
        and arrondissements.commune_code = whole_communes.territory_code

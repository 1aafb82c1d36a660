{{ config(meta={'cut_by': 'indicator_id'}) }}
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
        split_part(observations.snapshot_id, ':', 1) as dataset_id
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
        corrections.reason_fr,
        coalesce(corrections.kind = 'zero_is_missing', false) as is_missing
    from converted
    left join {{ ref('value_corrections') }} as corrections
        on
            converted.indicator_id = corrections.indicator_id
            and converted.territory_level = coalesce(corrections.territory_level, converted.territory_level)
            and converted.territory_code = coalesce(corrections.territory_code, converted.territory_code)
            and converted.year between corrections.year_from and corrections.year_to
            and (
                (corrections.kind = 'zero_is_missing' and converted.value = 0)
                or corrections.kind = 'drop'
            )
)

select
    corrected.indicator_id,
    corrected.territory_level,
    corrected.territory_code,
    datasets.cog_year,
    corrected.year,
    corrected.reference_date,
    if(corrected.is_missing, null, corrected.value) as value,
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
    case when corrected.kind = 'drop' then corrected.reason_fr end as excluded_because
from corrected
inner join {{ ref('stg_leviers__datasets') }} as datasets on corrected.dataset_id = datasets.dataset_id
-- values under an undeclared licence stay in the raw and staging schemas, which are not published
where datasets.republish

select
    variants.lever_id,
    variants.indicator_id,
    variants.basis,
    variants.territory_level,
    variants.territory_code,
    variants.framework_version,
    variants.kind,
    variants.from_year as start_year,
    variants.from_value as start_value,
    variants.end_year,
    variants.end_value,
    variants.path_value,
    variants.gap,
    variants.ahead_by,
    variants.moves_away_by,
    indicators.unit,
    variants.is_own_kind,
    variants.is_main,
    {{ label_fr('variant_kind', 'variants.kind') }} as kind_label_fr
from {{ ref('int_verdict_variants_compared') }} as variants
inner join {{ ref('indicators') }} as indicators on variants.indicator_id = indicators.indicator_id
where variants.kind is not null and variants.from_year is not null

-- A chart names each series that measures a lever or is compared.
select
    indicators.indicator_id,
    indicators.label_fr,
    indicators.short_name_fr
from {{ ref('dim_indicator') }} as indicators
semi join {{ ref('lever_indicators') }} as links
    on indicators.indicator_id = links.indicator_id and links.role = 'measure'
where indicators.short_name_fr is null or length(indicators.short_name_fr) > 28

{{ config(materialized='kept_table') }}
select
    rates.lever_id as levier_id,
    levers.lever_name_fr as levier,
    rates.territory_level as niveau,
    {{ label_fr('territory_level', 'rates.territory_level') }} as niveau_libelle,
    rates.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    coalesce(indicators.short_name_fr, indicators.label_fr) as nom,
    rates.compared_unit_fr as unite,
    rates.decimals as decimales,
    rates.year as annee,
    rates.is_recent as est_recent,
    rates.known_count as territoires_connus,
    rates.territory_count as territoires
from {{ ref('fct_lever_rate') }} as rates
inner join {{ ref('dim_lever') }} as levers on rates.lever_id = levers.lever_id
inner join {{ ref('dim_indicator') }} as indicators on rates.indicator_id = indicators.indicator_id

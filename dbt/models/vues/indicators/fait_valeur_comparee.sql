{{ config(tags=['star']) }}

select
    {{ territory_columns('compared') }},
    {{ territory_id("'region'", 'territories.region_code') }} as region_id,
    compared.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    compared.year as annee,
    compared.value as valeur,
    compared.compared_unit_fr as unite,
    compared.population_year as annee_population,
    compared.completeness_pct as completude_pct,
    compared.is_whole as est_entiere,
    compared.is_least as est_un_minimum,
    compared.dataset_id as jeu_id,
    compared.snapshot_id as fichier_id
from {{ ref('fct_compared_value') }} as compared
{{ join_territory('compared') }}
inner join {{ ref('dim_indicator') }} as indicators on compared.indicator_id = indicators.indicator_id

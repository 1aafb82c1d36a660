select
    {{ territory_id('compared.territory_level', 'compared.territory_code') }} as territoire_id,
    compared.territory_level as niveau,
    compared.territory_code as code_territoire,
    territories.name as territoire,
    compared.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    compared.year as annee,
    compared.value as valeur,
    compared.compared_unit_fr as unite,
    compared.completeness_pct as completude_pct,
    compared.is_whole as est_entiere,
    compared.is_least as est_un_minimum,
    compared.dataset_id as jeu_id,
    compared.snapshot_id as fichier_id
from {{ ref('fct_compared_value') }} as compared
inner join {{ ref('dim_territory') }} as territories
    on
        compared.territory_level = territories.territory_level
        and compared.territory_code = territories.territory_code
inner join {{ ref('dim_indicator') }} as indicators on compared.indicator_id = indicators.indicator_id

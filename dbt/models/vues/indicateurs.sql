with measured as (
    select
        links.indicator_id,
        string_agg(levers.lever_name_fr, ' ; ' order by levers.lever_name_fr) as lever_names
    from {{ ref('bridge_lever_indicator') }} as links
    inner join {{ ref('dim_lever') }} as levers on links.lever_id = levers.lever_id
    where links.role = 'measure'
    group by links.indicator_id
)

select
    indicators.indicator_id as indicateur_id,
    indicators.short_code as code_indicateur,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    directions.label_fr as sens_voulu,
    indicators.has_values as a_des_valeurs,
    indicators.levels_with_values as niveaux_avec_valeurs,
    indicators.first_year as premiere_annee,
    indicators.last_year as derniere_annee,
    indicators.value_count as nombre_valeurs,
    measured.lever_names as leviers_mesures,
    indicators.dataset_id as jeu_id,
    datasets.title_fr as jeu,
    indicators.method_fr as methode,
    indicators.levels_with_values_label_fr as niveaux_avec_valeurs_libelle
from {{ ref('dim_indicator') }} as indicators
left join measured on indicators.indicator_id = measured.indicator_id
left join {{ ref('dim_dataset') }} as datasets on indicators.dataset_id = datasets.dataset_id
left join {{ ref('dim_label') }} as directions
    on
        indicators.direction = directions.code
        and directions.domain = 'direction'

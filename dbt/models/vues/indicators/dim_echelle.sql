{{ config(materialized='kept_table') }}
select
    labels.label_fr as unite,
    scales.at_least as a_partir_de,
    scales.display_unit_fr as unite_affichee,
    scales.display_factor as facteur,
    scales.display_decimals as decimales
from {{ ref('dim_unit_scale') }} as scales
inner join {{ ref('unit_labels') }} as labels on scales.unit = labels.unit

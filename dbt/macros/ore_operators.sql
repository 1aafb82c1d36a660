{#- The figures of the operators, with `mwh_per_unit`: `value_corrections` names an operator that writes kWh. -#}
{% macro ore_operators() -%}
select
    operators.*,
    coalesce(corrections.factor, 1) as mwh_per_unit
from {{ ref('stg_ore__departement_operators') }} as operators
left join {{ ref('value_corrections') }} as corrections
    on
        corrections.dataset_id = 'ore_consumption_departement_sector'
        and corrections.kind = 'multiply'
        and operators.operator = corrections.source_key
        and operators.departement_code = corrections.territory_code
        and operators.year between corrections.year_from and corrections.year_to
{%- endmacro %}

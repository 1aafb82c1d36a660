select
    seuils.code,
    seuils.valeur,
    seuils.unite,
    seuils.libelle
from (
    values
    {%- for code, seuil in var('thresholds').items() %}
        (
            '{{ code }}',
            {{ seuil.value }}::double,
            '{{ seuil.unit | replace("'", "''") }}',
            '{{ seuil.fr | replace("'", "''") }}'
        )
        {{- ',' if not loop.last }}
    {%- endfor %}
) as seuils (code, valeur, unite, libelle)

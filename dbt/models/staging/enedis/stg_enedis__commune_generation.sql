{#- Grain: technology x commune x year x voltage. MWh fed into the network of Enedis; secret cells are kept,
so that a commune tells how many of its voltages are hidden.
not_null: territory_code -#}
{{ connected_generation(
    source('raw_enedis', 'enedis_generation_commune'), 'commune', whole_commune('commune_code')
) }}

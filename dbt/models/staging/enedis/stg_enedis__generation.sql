{#- Grain: technology x departement x year x voltage. MWh fed into the network of Enedis; secret cells are
kept, so that a departement tells how many of its three voltages are hidden. Combined heat and power and the
other technologies of the file measure no lever.
not_null: territory_code -#}
{{ connected_generation(
    source('raw_enedis', 'enedis_generation_departement'), 'departement', 'departement_code'
) }}

{#- Grain: technology x EPCI x year x voltage. MWh fed into the network of Enedis; secret cells, fewer than in
the communes, are kept.
not_null: territory_code -#}
{{ connected_generation(source('raw_enedis', 'enedis_generation_epci'), 'epci', 'epci_code') }}

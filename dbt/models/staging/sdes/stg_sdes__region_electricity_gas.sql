{#- Grain: energy x sector x region x year x operator x category x activity. MWh of electricity and of gas in
each of four sectors; secret cells are kept, so that a region tells how many it has. Consumption of no known
sector (X) stays in the raw table.
not_null: series -#}
{{ local_energy(source('raw_sdes', 'sdes_electricity_gas_region'), 'region') }}

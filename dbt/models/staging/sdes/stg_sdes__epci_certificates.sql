{#- Grain: sheet x EPCI x year of engagement. kWh cumac (saved over the life of the works, discounted) of
dwellings, services, industry and farms, those for poor households included; secret rows are kept. Sheets of
other sectors stay in the raw table.
not_null: series -#}
{{ certificates(source('raw_sdes', 'sdes_cee_epci'), 'epci') }}

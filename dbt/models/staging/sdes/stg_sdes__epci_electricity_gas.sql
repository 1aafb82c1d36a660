{{ local_energy(source('raw_sdes', 'sdes_electricity_gas_epci'), 'epci') }}

{{ local_energy('sdes_electricity_gas_epci', 'epci') }}

{{ local_energy('sdes_electricity_gas_region', 'region') }}

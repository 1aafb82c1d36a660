{{ connected_generation('epci', 'epci_code', '_enedis_epci') }}

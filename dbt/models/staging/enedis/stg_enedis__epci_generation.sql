{{ connected_generation(source('raw_enedis', 'enedis_generation_epci'), 'epci', 'epci_code') }}

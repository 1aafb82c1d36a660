{{ connected_generation('epci', 'epci_code') }}

{{ certificates('sdes_cee_epci', 'epci') }}

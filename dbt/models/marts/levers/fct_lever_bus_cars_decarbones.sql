{{ lever_fact('bus_cars_decarbones') }}

{{ lever_fact('velo_transport_commun') }}

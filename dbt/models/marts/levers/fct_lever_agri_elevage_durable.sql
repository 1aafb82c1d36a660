{{ lever_fact('agri_elevage_durable') }}

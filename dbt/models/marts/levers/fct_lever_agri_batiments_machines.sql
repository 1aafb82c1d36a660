{{ lever_fact('agri_batiments_machines') }}

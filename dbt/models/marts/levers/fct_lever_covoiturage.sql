{{ lever_fact('covoiturage') }}

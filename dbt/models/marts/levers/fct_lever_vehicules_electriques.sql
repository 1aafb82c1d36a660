{{ lever_fact('vehicules_electriques') }}

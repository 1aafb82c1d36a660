{{ lever_fact('tertiaire_chaudieres_gaz') }}

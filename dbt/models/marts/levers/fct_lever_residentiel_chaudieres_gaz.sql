{{ lever_fact('residentiel_chaudieres_gaz') }}

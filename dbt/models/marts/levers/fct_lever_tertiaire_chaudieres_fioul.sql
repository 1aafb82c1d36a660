{{ lever_fact('tertiaire_chaudieres_fioul') }}

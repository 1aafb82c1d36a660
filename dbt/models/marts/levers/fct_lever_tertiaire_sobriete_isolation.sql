{{ lever_fact('tertiaire_sobriete_isolation') }}

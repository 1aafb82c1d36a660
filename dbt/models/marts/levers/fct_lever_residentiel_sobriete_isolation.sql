{{ lever_fact('residentiel_sobriete_isolation') }}

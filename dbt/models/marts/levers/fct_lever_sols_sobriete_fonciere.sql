{{ lever_fact('sols_sobriete_fonciere') }}

{{ lever_fact('dechets_sobriete') }}

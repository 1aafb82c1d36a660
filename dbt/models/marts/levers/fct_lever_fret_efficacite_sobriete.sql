{{ lever_fact('fret_efficacite_sobriete') }}

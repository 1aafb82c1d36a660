{{ lever_fact('foret_gestion') }}

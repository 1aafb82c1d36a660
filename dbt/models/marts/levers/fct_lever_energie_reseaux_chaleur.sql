{{ lever_fact('energie_reseaux_chaleur') }}

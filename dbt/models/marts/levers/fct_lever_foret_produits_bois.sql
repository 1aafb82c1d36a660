{{ lever_fact('foret_produits_bois') }}

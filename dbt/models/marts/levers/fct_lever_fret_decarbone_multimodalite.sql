{{ lever_fact('fret_decarbone_multimodalite') }}

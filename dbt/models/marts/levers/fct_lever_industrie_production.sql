{{ lever_fact('industrie_production') }}

{{ lever_fact('sols_pratiques_stockantes') }}

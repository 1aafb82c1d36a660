{{ lever_fact('sols_prairies') }}

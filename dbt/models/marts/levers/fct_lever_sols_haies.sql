{{ lever_fact('sols_haies') }}

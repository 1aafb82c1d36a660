{{ lever_fact('energie_biogaz') }}

{{ lever_fact('reduction_deplacements') }}

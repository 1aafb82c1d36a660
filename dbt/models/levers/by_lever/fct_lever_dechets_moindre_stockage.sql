{{ lever_fact() }}

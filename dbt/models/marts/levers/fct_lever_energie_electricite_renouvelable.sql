{{ lever_fact('energie_electricite_renouvelable') }}

{{ lever_fact('dechets_valorisation_matiere') }}

{{ lever_fact('dechets_captage_methane_isdnd') }}

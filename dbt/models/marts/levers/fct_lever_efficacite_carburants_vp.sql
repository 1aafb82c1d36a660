{{ lever_fact('efficacite_carburants_vp') }}

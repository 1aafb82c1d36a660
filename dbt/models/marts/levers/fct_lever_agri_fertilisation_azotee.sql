{{ lever_fact('agri_fertilisation_azotee') }}

{{ connected_generation('commune', whole_commune('commune_code')) }}

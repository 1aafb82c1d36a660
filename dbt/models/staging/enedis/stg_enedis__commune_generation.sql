{{ connected_generation(
    source('raw_enedis', 'enedis_generation_commune'), 'commune', whole_commune('commune_code')
) }}

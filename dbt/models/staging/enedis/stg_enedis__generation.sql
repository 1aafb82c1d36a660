{{ connected_generation(
    source('raw_enedis', 'enedis_generation_departement'), 'departement', 'departement_code'
) }}

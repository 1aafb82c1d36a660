{{ certificates('sdes_cee_departement', 'departement') }}

{{ certificates(source('raw_sdes', 'sdes_cee_departement'), 'departement') }}

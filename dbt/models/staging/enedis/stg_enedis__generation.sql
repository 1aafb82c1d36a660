{{ connected_generation('departement', 'departement_code') }}

select
    code_territoire as code_epci,
    territoire as epci,
    code_limitrophe as code_epci_limitrophe,
    limitrophe as epci_limitrophe,
    type_juridique,
    population,
    densite_hab_km2
from {{ ref('pont_territoire_limitrophe') }}
where niveau = 'epci'

select
    code_territoire as code_epci,
    territoire as epci,
    rang,
    code_semblable as code_epci_semblable,
    semblable as epci_semblable,
    type_juridique,
    population,
    densite_hab_km2,
    coalesce(a_le_meme_type, false) as meme_type,
    distance
from {{ ref('pont_territoire_semblable') }}
where niveau = 'epci'

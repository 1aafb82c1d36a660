select
    mapped.from_year,
    mapped.from_code,
    mapped.to_year,
    mapped.to_code,
    mapped.weight,
    mapped.event,
    mapped.population_source,
    {{ label_fr('commune_event', 'mapped.event') }} as event_label_fr
from {{ ref('int_commune_codes_mapped') }} as mapped

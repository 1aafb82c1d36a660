-- The files repeat some rows exactly.
select
    result_id,
    departement_code,
    date_mesure,
    value,
    snapshot_id,
    count(*) as source_rows
from {{ source('raw_ditp', 'barometre_resultats_departement') }}
-- the results that bear on a lever, of half a hundred
where
    result_id in (
        'nb-maprimerenov-valides',
        'surface-agriculture-biologique',
        'nb-agriculteurs-agro-eco',
        'km-amenagement-cyclables-securises',
        'nb-points-recharge'
    )
group by all

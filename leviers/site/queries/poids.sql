-- Emissions of a territory by sector, in kt, or in t where `vues.echelle` shows each in t: the heaviest
-- first, then those that some sites declare, then those that no key places.
with largest as (
    select
        *,
        max(maximum_tco2e) over (partition by territoire_id) / 1000 as largest_kt
    from vues.fait_emission
),

emissions as (
    select
        *,
        if(vues.echelle('milliers de tonnes', largest_kt).unite = 't', 't', 'kt') as unite
    from largest
)

select
    territoire_id,
    secteur,
    nature,
    coalesce(declare_tco2e, minimum_tco2e) / if(unite = 't', 1, 1000) as minimum,
    maximum_tco2e / if(unite = 't', 1, 1000) as maximum,
    unite,
    nombre_cles = 1 as une_seule_cle,
    place,
    annee
from emissions
order by territoire_id asc, rang asc nulls last, coalesce(declare_tco2e, minimum_tco2e) desc nulls last, secteur asc

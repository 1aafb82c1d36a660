-- Emissions of each sector of a territory, in kilotonnes, the heaviest first.
select
    territoire_id,
    secteur,
    nature,
    nature_libelle,
    coalesce(declare_tco2e, minimum_tco2e) / 1000 as minimum_kt,
    maximum_tco2e / 1000 as maximum_kt,
    nombre_cles,
    place_libelle,
    part_inventaire_region,
    annee,
    source,
    gaz,
    perimetre
from vues.fait_emission
order by territoire_id asc, rang asc nulls last, inventaire_region_tco2e desc nulls last, secteur asc

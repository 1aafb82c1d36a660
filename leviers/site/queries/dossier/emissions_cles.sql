-- Emissions of a sector by each key, in kilotonnes, the largest first.
select
    territoire_id,
    secteur,
    cle,
    annee_cle,
    part_pct,
    valeur_tco2e / 1000 as valeur_kt,
    motif,
    erreur_mediane_pct,
    erreur_maximale_pct
from vues.fait_emission_cle
order by territoire_id asc, secteur asc, valeur_tco2e desc, cle_id asc

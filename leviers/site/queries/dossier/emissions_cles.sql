-- Emissions of a sector by each key, in kilotonnes, the largest first. Of an error the page shows two digits: what moves
-- far behind them makes no page anew.
select
    territoire_id,
    secteur,
    cle,
    annee_cle,
    part_pct,
    valeur_tco2e / 1000 as valeur_kt,
    motif,
    round(erreur_mediane_pct, 4) as erreur_mediane_pct,
    round(erreur_maximale_pct, 4) as erreur_maximale_pct
from vues.fait_emission_cle
order by territoire_id asc, secteur asc, valeur_tco2e desc, cle_id asc

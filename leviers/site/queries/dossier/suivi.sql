-- Each day on which a commitment was entered or withdrawn, and what was observed by then.
select
    history.territoire_id,
    history.jour,
    history.levier,
    history.horizon,
    history.est_retire_ce_jour,
    history.nouvelle_ambition_ktco2e,
    history.fait_ou_prevu_ktco2e,
    history.indicateur,
    history.annee,
    history.valeur,
    vues.echelle(history.unite, history.valeur) as echelle
from vues.cop_suivi as history
where history.est_saisi_ce_jour or history.est_retire_ce_jour
order by history.territoire_id, history.jour, history.levier, history.horizon

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
    coalesce(scales.unite_affichee, history.unite) as unite,
    coalesce(scales.facteur, 1) as facteur,
    coalesce(scales.decimales, 1) as decimales
from vues.cop_suivi as history
asof left join vues.dim_echelle as scales
    on
        history.unite = scales.unite
        and abs(history.valeur) >= scales.a_partir_de
where history.est_saisi_ce_jour or history.est_retire_ce_jour
order by history.territoire_id, history.jour, history.levier, history.horizon

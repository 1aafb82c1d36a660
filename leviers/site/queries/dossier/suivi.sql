-- Each day on which a commitment was entered or withdrawn, and what was observed by then.
select
    territoire_id,
    jour,
    levier,
    horizon,
    est_retire_ce_jour,
    nouvelle_ambition_ktco2e,
    fait_ou_prevu_ktco2e,
    indicateur,
    annee,
    valeur,
    unite
from vues.cop_suivi
where est_saisi_ce_jour or est_retire_ce_jour
order by territoire_id, jour, levier, horizon

-- The climate plans that an EPCI has deposited, the last one first.
select
    territoire_id,
    plan,
    avancement_libelle,
    lance_le,
    modifie_le,
    page_du_jeu
from vues.fait_plan_climat
order by territoire_id asc, est_le_dernier desc, modifie_le desc nulls last, plan asc

-- The commitments of a territory that hold, the nearest year first.
select
    territoire_id,
    levier_id,
    levier,
    levier_id in (select readings.levier_id from vues.fait_lecture as readings) as a_une_page,
    horizon,
    mesure_libelle,
    unite,
    demande,
    fait_ou_prevu,
    nouvelle_ambition,
    action,
    responsable,
    feuille_de_route,
    source,
    saisi_le
from vues.fait_engagement
where est_en_vigueur
order by territoire_id, horizon, levier, engagement_id

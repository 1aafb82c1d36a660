-- The commitments of a territory that hold, the nearest year first.
select
    commitments.territoire_id,
    commitments.levier_id,
    commitments.levier,
    commitments.levier_id in (select readings.levier_id from vues.fait_lecture as readings) as a_une_page,
    commitments.horizon,
    commitments.mesure_libelle,
    vues.echelle(
        commitments.unite,
        greatest(abs(commitments.demande), abs(commitments.fait_ou_prevu), abs(commitments.nouvelle_ambition))
    ) as echelle,
    commitments.demande,
    commitments.fait_ou_prevu,
    commitments.nouvelle_ambition,
    commitments.unite,
    commitments.part_ktco2e,
    commitments.nouvelle_ambition_ktco2e,
    commitments.action,
    commitments.responsable,
    commitments.feuille_de_route,
    commitments.source,
    commitments.saisi_le
from vues.fait_engagement as commitments
where commitments.est_en_vigueur
order by commitments.territoire_id, commitments.horizon, commitments.levier, commitments.engagement_id

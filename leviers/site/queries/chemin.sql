-- How much of its way to 2030 each judged series of a territory has done, the largest sure shortfall first, then what is
-- asked of most. Levers that one series judges alike share a row, with the lever of which most is asked; a series that
-- judges a group of levers and none of them alone has a row of the group.
with ways as (
    select
        readings.territoire_id,
        readings.levier_id,
        shown.nom,
        readings.lecture,
        readings.lecture_libelle,
        readings.tendance,
        readings.tendance_libelle,
        readings.part_faite,
        readings.part_incertitude,
        readings.part_attendue,
        shown.est_indicatif,
        readings.manque_sur_ktco2e,
        readings.demande_ktco2e::double as demande_ktco2e,
        readings.confiance,
        'territoires/' || replace(readings.territoire_id, ':', '-')
        || '.html#levier-' || readings.levier_id as lien
    from vues.fait_lecture as readings
    inner join made."montre.sql" as shown
        on readings.levier_id = shown.levier_id and readings.territoire_id = shown.territoire_id
    where readings.lecture <> 'not_judged'
    union all by name
    select
        joint.territoire_id,
        joint.groupe_id as levier_id,
        joint.groupe as nom,
        joint.lecture,
        joint.lecture_libelle,
        joint.tendance,
        joint.tendance_libelle,
        joint.part_faite,
        joint.part_incertitude,
        joint.part_attendue,
        joint.base <> 'state' as est_indicatif,
        joint.manque_sur_ktco2e,
        joint.demande_ktco2e::double as demande_ktco2e,
        joint.confiance,
        'territoires/' || replace(joint.territoire_id, ':', '-') || '.html#levier-' || joint.groupe_id as lien
    from vues.fait_lecture_groupe as joint
    anti join vues.fait_lecture as alone
        on
            joint.groupe_id = alone.groupe_id
            and joint.territoire_id = alone.territoire_id
            and alone.lecture <> 'not_judged'
    where joint.lecture <> 'not_judged'
),

facts as (
    select
        * exclude (levier_id, lien, manque_sur_ktco2e, demande_ktco2e, confiance),
        arg_max(levier_id, (coalesce(demande_ktco2e, 0), levier_id)) as levier_id,
        arg_max(lien, (coalesce(demande_ktco2e, 0), levier_id)) as lien,
        sum(manque_sur_ktco2e) as manque_sur_ktco2e,
        sum(demande_ktco2e) as demande_ktco2e,
        max(confiance) as confiance
    from ways
    group by all
)

select *
from facts
order by
    territoire_id asc, greatest(manque_sur_ktco2e, 0) desc nulls last, demande_ktco2e desc nulls last, nom asc

-- How much of its way to 2030 each judged series of a territory has done, the largest sure shortfall first, then what is
-- asked of most. Levers that one series judges alike share a row, with the lever of which most is asked.
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
        readings.confiance
    from vues.fait_lecture as readings
    inner join made."montre.sql" as shown
        on readings.levier_id = shown.levier_id and readings.territoire_id = shown.territoire_id
    where readings.lecture <> 'not_judged'
),

facts as (
    select
        * exclude (levier_id, manque_sur_ktco2e, demande_ktco2e, confiance),
        arg_max(levier_id, (coalesce(demande_ktco2e, 0), levier_id)) as levier_id,
        sum(manque_sur_ktco2e) as manque_sur_ktco2e,
        sum(demande_ktco2e) as demande_ktco2e,
        max(confiance) as confiance
    from ways
    group by all
)

select
    *,
    'territoires/' || replace(territoire_id, ':', '-') || '.html#levier-' || levier_id as lien
from facts
order by
    territoire_id asc, greatest(manque_sur_ktco2e, 0) desc nulls last, demande_ktco2e desc nulls last, nom asc

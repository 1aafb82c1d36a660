-- How sure each reading and each value of a territory is, and what weakens it most.
with doubts as (
    select
        territoire_id,
        levier_id,
        list(
            { 'doute': rtrim(doute, '.'), 'poids': poids } order by poids desc nulls last, doute_code asc
        ) as doutes
    from vues.fait_doute
    where est_affiche
    group by territoire_id, levier_id
)

select
    readings.territoire_id,
    readings.levier_id,
    readings.levier,
    readings.lecture,
    readings.lecture_libelle,
    readings.tendance,
    readings.tendance_libelle,
    readings.base_libelle,
    readings.confiance,
    shown.indicateur,
    shown.annee,
    coalesce(doubts.doutes, []) as doutes,
    observed.nature_valeur,
    observed.est_provisoire,
    observed.reserves
from vues.fait_lecture as readings
inner join made."montre.sql" as shown
    on readings.levier_id = shown.levier_id and readings.territoire_id = shown.territoire_id
left join doubts on readings.levier_id = doubts.levier_id and readings.territoire_id = doubts.territoire_id
left join vues.fait_observation as observed
    on
        shown.indicateur_id = observed.indicateur_id
        and shown.territoire_id = observed.territoire_id
        and shown.annee = observed.annee
where shown.annee is not null
order by readings.territoire_id asc, readings.confiance asc nulls last, readings.levier asc

-- How sure each reading and each value of a territory is, and what weakens it most.
with doubts as (
    select
        territoire_id,
        levier_id,
        list({ 'doute': rtrim(doute, '.'), 'poids': poids } order by poids desc nulls last, doute_code ASC) as doutes
    from vues.fait_doute
    where est_affiche
    group by territoire_id, levier_id
),

shown as (
    select distinct on (territoire_id, levier_id)
        territoire_id,
        levier_id,
        indicateur_id,
        indicateur,
        annee
    from vues.cop_diagnostic
    where valeur is not null
    order by territoire_id, levier_id, region_id
),

lines as (
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
        if(readings.valeur is not null, readings.indicateur_id, shown.indicateur_id) as indicateur_id,
        if(readings.valeur is not null, readings.indicateur, shown.indicateur) as indicateur,
        if(readings.valeur is not null, readings.annee, shown.annee) as annee
    from vues.fait_lecture as readings
    left join shown using (territoire_id, levier_id)
)

select
    lines.* exclude (indicateur_id),
    coalesce(doubts.doutes, []) as doutes,
    observed.nature_valeur,
    observed.est_provisoire,
    observed.reserves
from lines
left join doubts using (territoire_id, levier_id)
left join vues.fait_observation as observed using (territoire_id, indicateur_id, annee)
where lines.annee is not null
order by lines.territoire_id, lines.confiance nulls last, lines.levier

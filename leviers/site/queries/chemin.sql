-- How much of its way to 2030 each lever of a territory has done, what is asked of most first. Of a lever of which only
-- a means is followed, that means.
with
lines as (
    select
        territoire_id,
        levier_id,
        false as est_moyen,
        indicateur_id,
        lecture,
        tendance,
        base,
        part_faite,
        part_incertitude,
        part_attendue
    from vues.fait_lecture
    where part_faite is not null and lecture <> 'not_judged'
    union all
    select
        others.territoire_id,
        others.levier_id,
        true as est_moyen,
        others.indicateur_id,
        others.lecture,
        others.tendance,
        others.base,
        others.part_faite,
        others.part_incertitude,
        others.part_attendue
    from vues.fait_lecture_autre as others
    inner join vues.fait_lecture as readings using (levier_id, territoire_id)
    where
        others.porte_sur = 'means'
        and others.part_faite is not null
        and others.lecture <> 'not_judged'
        and readings.raison_code = 'means_only'
)

select
    lines.territoire_id,
    if(lines.est_moyen, coalesce(series.indicateur_court, levers.levier_court) || ' (moyen)', levers.levier_court)
        as levier_court,
    lines.lecture,
    lines.tendance,
    '../territoires/' || replace(lines.territoire_id, ':', '-') || '.html#levier-' || lines.levier_id as lien,
    lines.part_faite,
    lines.part_incertitude,
    lines.part_attendue,
    lines.base in ('national', 'indicative') as est_indicatif,
    if(lines.est_moyen, null, shares.part_ktco2e) as demande_ktco2e,
    count(*) over (partition by lines.territoire_id) as lignes
from lines
inner join vues.dim_levier as levers using (levier_id)
left join vues.dim_indicateur_court as series using (indicateur_id)
left join vues.fait_part as shares using (levier_id, territoire_id)
qualify
    row_number() over (
        partition by lines.territoire_id
        order by demande_ktco2e desc nulls last, lines.levier_id ASC, lines.indicateur_id ASC
    ) <= 12
order by lines.territoire_id ASC, demande_ktco2e desc nulls last, lines.levier_id ASC, lines.indicateur_id ASC

-- How much of its way to 2030 each lever of a territory has done, what is asked of most first: eleven at
-- most. Of a lever of which only a means is followed, the way of the means: it has no levier_id, and its reading is not
-- that of the lever.
with ways as (
    select
        *,
        false as est_moyen
    from vues.fait_lecture
    union all by name
    select
        means.* exclude (porte_sur),
        true as est_moyen
    from vues.fait_lecture_autre as means
    semi join vues.fait_lecture as unread
        on
            means.levier_id = unread.levier_id
            and means.territoire_id = unread.territoire_id
            and unread.raison_code = 'means_only'
    where means.porte_sur = 'means'
)

select
    ways.territoire_id,
    if(ways.est_moyen, null, ways.levier_id) as levier_id,
    if(
        ways.est_moyen, coalesce(indicators.indicateur_court, levers.levier_court) || ' (un moyen)', levers.levier_court
    ) as levier_court,
    ways.lecture,
    ways.lecture_libelle,
    ways.tendance,
    ways.tendance_libelle,
    '../territoires/' || replace(ways.territoire_id, ':', '-') || '.html#levier-' || ways.levier_id as lien,
    ways.part_faite,
    ways.part_incertitude,
    ways.part_attendue,
    ways.base in ('national', 'indicative') as est_indicatif,
    ways.demande_ktco2e,
    count(*) over (partition by ways.territoire_id) as lignes
from ways
inner join vues.dim_levier as levers on ways.levier_id = levers.levier_id
left join vues.dim_indicateur as indicators on ways.indicateur_id = indicators.indicateur_id
where ways.part_faite is not null and ways.lecture <> 'not_judged'
qualify
    row_number() over (
        partition by ways.territoire_id
        order by ways.demande_ktco2e desc nulls last, ways.levier_id asc, ways.indicateur_id asc
    ) <= 11
order by ways.territoire_id asc, ways.demande_ktco2e desc nulls last, ways.levier_id asc, ways.indicateur_id asc

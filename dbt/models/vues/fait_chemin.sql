{#- One way per judged lever; for a lever of which only a means is followed, the way of the means.
`manque_sur_ktco2e`: how far a line that is behind or opposite is off its path, beyond its uncertainty. -#}
with lines as (
    select
        readings.*,
        false as is_means
    from {{ ref('fait_lecture') }} as readings
    union all by name
    select
        means.*,
        true as is_means
    from {{ ref('fait_lecture_autre') }} as means
    semi join {{ ref('fait_lecture') }} as unread
        on
            means.levier_id = unread.levier_id
            and means.territoire_id = unread.territoire_id
            and unread.raison_code = 'means_only'
    where means.porte_sur = 'means'
)

select
    lines.territoire_id,
    lines.niveau,
    lines.code_territoire,
    lines.territoire,
    lines.levier_id,
    lines.is_means as est_moyen,
    lines.indicateur_id,
    case
        when lines.is_means then coalesce(indicators.short_name_fr, levers.short_name_fr) || ' (un moyen)'
        else levers.short_name_fr
    end as nom,
    lines.lecture,
    lines.lecture_libelle,
    lines.tendance,
    lines.tendance_libelle,
    lines.part_faite,
    lines.part_attendue,
    lines.part_incertitude,
    {{ is_indicative('lines.base') }} as est_indicatif,
    case when not lines.is_means then demands.asked_ktco2e end as demande_ktco2e,
    case
        when lines.lecture in ('behind', 'opposite') and not lines.is_means
            then (lines.part_attendue - lines.part_faite - lines.part_incertitude) * demands.asked_ktco2e
    end as manque_sur_ktco2e,
    row_number() over (
        partition by lines.territoire_id
        order by
            case when not lines.is_means then demands.asked_ktco2e end desc nulls last,
            lines.levier_id asc,
            lines.indicateur_id asc
    ) as rang
from lines
inner join {{ ref('dim_lever') }} as levers on lines.levier_id = levers.lever_id
left join {{ ref('dim_indicator') }} as indicators on lines.indicateur_id = indicators.indicator_id
left join {{ ref('fct_lever_demand') }} as demands
    on
        lines.levier_id = demands.lever_id
        and lines.niveau = demands.territory_level
        and lines.code_territoire = demands.territory_code
where lines.part_faite is not null and lines.lecture <> 'not_judged'

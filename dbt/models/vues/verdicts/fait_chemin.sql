{#- Way of each judged lever; for a lever of which only a means is followed, the way of the means. -#}
with ways as (
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
),

demands as (
    {{ in_force('fct_lever_demand') }}
)

select
    ways.territoire_id,
    ways.niveau,
    ways.code_territoire,
    ways.territoire,
    ways.levier_id,
    ways.is_means as est_moyen,
    ways.indicateur_id,
    case
        when ways.is_means then coalesce(indicators.short_name_fr, levers.short_name_fr) || ' (un moyen)'
        else levers.short_name_fr
    end as nom,
    ways.lecture,
    ways.lecture_libelle,
    ways.tendance,
    ways.tendance_libelle,
    ways.part_faite,
    ways.part_attendue,
    ways.part_incertitude,
    {{ is_indicative('ways.base') }} as est_indicatif,
    case when not ways.is_means then demands.asked_ktco2e end as demande_ktco2e,
    demands.sure_shortfall_ktco2e as manque_sur_ktco2e,
    row_number() over (
        partition by ways.territoire_id
        order by
            case when not ways.is_means then demands.asked_ktco2e end desc nulls last,
            ways.levier_id asc,
            ways.indicateur_id asc
    ) as rang
from ways
inner join {{ ref('dim_lever') }} as levers on ways.levier_id = levers.lever_id
left join {{ ref('dim_indicator') }} as indicators on ways.indicateur_id = indicators.indicator_id
left join demands
    on
        ways.levier_id = demands.lever_id
        and ways.niveau = demands.territory_level
        and ways.code_territoire = demands.territory_code
where ways.part_faite is not null and ways.lecture <> 'not_judged'

{{ config(materialized='kept_table') }}
{#- `striking_lever_id`: the lever with the largest `manque_sur_ktco2e`, of those of confidence C or better
where there are any; without one, the judged one that is asked most. `reasons` ranks why levers are not judged: by
the ktCO2e asked of them, then by their number. -#}
with observed as (
    {{ in_force('fct_lever_observation') }}
),

readings as (
    select
        shown.*,
        observed.latest_value is not null or shown.valeur_comparee is not null as is_measured,
        shown.lecture <> 'not_judged' as is_judged
    from {{ ref('fait_lecture') }} as shown
    left join observed
        on
            shown.levier_id = observed.lever_id
            and shown.niveau = observed.territory_level
            and shown.code_territoire = observed.territory_code
),

counted as (
    select
        territoire_id,
        niveau,
        code_territoire,
        count(*) as levers,
        count(*) filter (where is_measured) as measured,
        count(*) filter (where is_judged) as judged,
        count(*) filter (where lecture = 'on_line') as on_line,
        count(*) filter (where lecture = 'unsure') as unsure,
        count(*) filter (where lecture = 'behind') as behind,
        count(*) filter (where lecture = 'opposite') as opposite,
        min(annee) filter (where is_judged) as first_year,
        max(annee) filter (where is_judged) as last_year,
        coalesce(
            arg_max(levier_id, (confiance <= 'C', manque_sur_ktco2e, levier_id)) filter (
                where manque_sur_ktco2e > 0
            ),
            arg_max(levier_id, (demande_ktco2e, levier_id)) filter (where is_judged and demande_ktco2e > 0)
        ) as striking_lever_id
    from readings
    group by territoire_id, niveau, code_territoire
),

demanded as (
    select
        territoire_id,
        sum(nombre_leviers)::bigint as levers,
        sum(demande_ktco2e) as demande_ktco2e,
        sum(demande_ktco2e) filter (where lecture <> 'not_judged') as judged_ktco2e
    from {{ ref('fait_demande') }}
    group by territoire_id
),

reasons as (
    select
        territoire_id,
        raison_code,
        raison,
        count(*) as levers,
        count(*) filter (where not a_une_valeur) as unmeasured,
        count(*) filter (where etat = 'expected') as expected,
        count(*) filter (where etat = 'planned') as planned,
        row_number() over (
            partition by territoire_id
            order by sum(demande_ktco2e) desc nulls last, count(*) desc, raison_code asc
        ) as reason_rank
    from {{ ref('fait_manque') }}
    group by territoire_id, raison_code, raison
),

lacking as (
    select
        territoire_id,
        sum(unmeasured)::bigint as unmeasured,
        sum(expected)::bigint as expected,
        sum(planned)::bigint as planned,
        min(raison_code) filter (where reason_rank = 1) as reason_code,
        min(raison) filter (where reason_rank = 1) as reason,
        string_agg(raison || ' (' || levers || ')', ' ; ' order by reason_rank) as reasons
    from reasons
    group by territoire_id
),

-- `first_sector` has the `place` `first`. Without one, `close_sectors` lists those that may be first.
weighed as (
    select
        territoire_id,
        max(secteur) filter (where place = 'first') as first_sector,
        max(coalesce(declare_tco2e, minimum_tco2e)) filter (where place = 'first') as first_least,
        max(maximum_tco2e) filter (where place = 'first') as first_most,
        arg_min(secteur, rang) filter (where place is distinct from 'first') as second_sector,
        arg_min(minimum_tco2e, rang) filter (where place is distinct from 'first') as second_least,
        arg_min(maximum_tco2e, rang) filter (where place is distinct from 'first') as second_most,
        string_agg(secteur, ' ; ' order by rang) filter (where place is distinct from 'first' and place <> '')
            as close_sectors
    from {{ ref('fait_emission') }}
    group by territoire_id
)

select
    counted.territoire_id,
    counted.niveau,
    counted.levers as leviers,
    counted.measured as leviers_mesures,
    counted.judged as juges,
    counted.on_line as sur_la_ligne,
    counted.unsure as incertains,
    counted.behind as en_retard,
    counted.opposite as a_contresens,
    counted.levers - counted.judged as non_juges,
    counted.first_year as premiere_annee,
    counted.last_year as derniere_annee,
    coalesce(demanded.levers, 0) as leviers_demandes,
    demanded.demande_ktco2e,
    case when demanded.levers > 0 then coalesce(demanded.judged_ktco2e, 0) end as demande_jugee_ktco2e,
    coalesce(lacking.unmeasured, 0) as non_mesures,
    lacking.reason_code as manque_code,
    lacking.reason as manque,
    lacking.reasons as manques,
    coalesce(lacking.expected, 0) as a_charger,
    coalesce(lacking.planned, 0) as a_lire,
    striking.levier_id as levier_marquant_id,
    levers.short_name_fr as levier_marquant,
    striking.annee,
    striking.valeur_comparee * scales.display_factor as valeur,
    striking.valeur_attendue * scales.display_factor as valeur_attendue,
    scales.display_unit_fr as unite,
    {{ scale_decimals(
        'greatest(abs(striking.valeur_comparee), abs(striking.valeur_attendue))',
        'striking.valeur_comparee',
        'striking.valeur_attendue'
    ) }} as decimales,
    weighed.first_sector as secteur_premier,
    case when weighed.first_sector is not null then weighed.second_sector end as secteur_second,
    weighed.first_least / nullif(weighed.second_most, 0) as rapport_min,
    weighed.first_most / nullif(weighed.second_least, 0) as rapport_max,
    case when weighed.first_sector is null then weighed.close_sectors end as secteurs_proches
from counted
left join demanded on counted.territoire_id = demanded.territoire_id
left join lacking on counted.territoire_id = lacking.territoire_id
left join weighed on counted.territoire_id = weighed.territoire_id
left join readings as striking
    on
        counted.territoire_id = striking.territoire_id
        and counted.striking_lever_id = striking.levier_id
left join {{ ref('dim_lever') }} as levers on counted.striking_lever_id = levers.lever_id
left join {{ ref('dim_indicator') }} as indicators on striking.indicateur_id = indicators.indicator_id
asof left join {{ ref('dim_unit_scale') }} as scales
    on
        indicators.unit = scales.unit
        and greatest(abs(striking.valeur_comparee), abs(striking.valeur_attendue)) >= scales.at_least

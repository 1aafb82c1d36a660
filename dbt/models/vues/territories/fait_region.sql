{{ config(materialized='kept_table') }}
{#- `reasons` ranks why levers are not judged: by the ktCO2e asked of them, then by their number. -#}
with demanded as (
    select
        territoire_id,
        sum(nombre_leviers)::bigint as levers,
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
)

select
    regions.territoire_id,
    regions.code_territoire,
    regions.territoire,
    regions.population,
    summaries.leviers,
    coalesce(demanded.levers, 0) as leviers_demandes,
    summaries.leviers_mesures,
    summaries.juges,
    summaries.sur_la_ligne,
    summaries.incertains,
    summaries.en_retard,
    summaries.a_contresens,
    summaries.non_juges,
    summaries.premiere_annee,
    summaries.derniere_annee,
    summaries.demande_ktco2e,
    case when demanded.levers > 0 then coalesce(demanded.judged_ktco2e, 0) end as demande_jugee_ktco2e,
    coalesce(lacking.unmeasured, 0) as non_mesures,
    lacking.reason_code as manque_code,
    lacking.reason as manque,
    lacking.reasons as manques,
    coalesce(lacking.expected, 0) as a_charger,
    coalesce(lacking.planned, 0) as a_lire
from {{ ref('dim_territoire') }} as regions
inner join {{ ref('fait_resume') }} as summaries on regions.territoire_id = summaries.territoire_id
left join demanded on regions.territoire_id = demanded.territoire_id
left join lacking on regions.territoire_id = lacking.territoire_id
where regions.niveau = 'region'

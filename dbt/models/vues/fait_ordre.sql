{{ config(materialized='table') }}
{#- In which order a page tells of a territory what there is more of than it has room for: what is asked
most comes first. -#}
with shares as (
    select
        territoire_id,
        levier_id,
        max(part_ktco2e) as part_ktco2e
    from {{ ref('fait_part') }}
    group by territoire_id, levier_id
),

-- A key that does not know where the sites of a lever are gives no effort of one territory.
asked as (
    select
        'effort' as subject,
        territoire_id,
        levier_id,
        null as indicateur_id,
        region_id,
        row_number() over (
            partition by territoire_id order by part_ktco2e desc, levier_id asc, region_id asc
        ) as rang
    from {{ ref('fait_part') }}
    where part_ktco2e > 0 and situe_les_sites is distinct from false
),

-- Each lever by its first series, each series once.
measured as (
    select
        own.territoire_id,
        own.indicateur_id,
        links.levier_id,
        shares.part_ktco2e
    from {{ ref('fait_valeur_comparee') }} as own
    inner join {{ ref('pont_levier_indicateur') }} as links
        on own.indicateur_id = links.indicateur_id and links.role = 'measure'
    inner join shares on own.territoire_id = shares.territoire_id and links.levier_id = shares.levier_id
    where own.valeur is not null
    qualify
        row_number() over (
            partition by own.territoire_id, links.levier_id order by links.rang asc, own.indicateur_id asc
        ) = 1
),

tabled as (
    select
        'mesure' as subject,
        territoire_id,
        first(levier_id order by part_ktco2e desc nulls last, levier_id asc) as levier_id,
        indicateur_id,
        null as region_id,
        row_number() over (
            partition by territoire_id order by max(part_ktco2e) desc nulls last, indicateur_id asc
        ) as rang
    from measured
    group by territoire_id, indicateur_id
),

-- Of each theme the lever with the largest share, then further levers. Nought beside nought, or one value
-- for all, says nothing.
comparable as (
    select
        compared.territoire_id,
        compared.indicateur_id,
        observed.lever_id as levier_id,
        levers.thematique_id,
        coalesce(shares.part_ktco2e, 0) as part_ktco2e
    from {{ ref('fait_comparaison') }} as compared
    inner join {{ ref('fct_lever_observation') }} as observed
        on
            compared.indicateur_id = observed.indicator_id
            and compared.niveau = observed.territory_level
            and compared.code_territoire = observed.territory_code
    inner join {{ ref('dim_framework') }} as frameworks
        on
            observed.framework_version = frameworks.framework_version
            and frameworks.is_target_version
    inner join {{ ref('dim_levier') }} as levers on observed.lever_id = levers.levier_id
    left join shares on compared.territoire_id = shares.territoire_id and observed.lever_id = shares.levier_id
    where
        compared.semblables > 0
        and compared.maximum_semblables > compared.minimum_semblables
        and (compared.valeur <> 0 or compared.mediane_semblables <> 0)
    qualify
        row_number() over (
            partition by compared.territoire_id, compared.indicateur_id
            order by coalesce(shares.part_ktco2e, 0) desc, observed.lever_id asc
        ) = 1
),

themed as (
    select
        *,
        row_number() over (
            partition by territoire_id, thematique_id order by part_ktco2e desc, levier_id asc
        ) as rank_in_theme
    from comparable
),

compared as (
    select
        'comparaison' as subject,
        territoire_id,
        levier_id,
        indicateur_id,
        null as region_id,
        row_number() over (
            partition by territoire_id
            order by rank_in_theme asc, part_ktco2e desc, levier_id asc, indicateur_id asc
        ) as rang
    from themed
),

-- What is sure comes before what is to be checked, then the latest year of a lever.
changes as (
    select
        moves.territoire_id,
        moves.levier_id,
        moves.indicateur_id,
        moves.est_a_verifier,
        moves.est_la_plus_recente,
        moves.annee,
        shares.part_ktco2e
    from {{ ref('fait_evolution') }} as moves
    left join shares on moves.territoire_id = shares.territoire_id and moves.levier_id = shares.levier_id
    qualify
        row_number() over (
            partition by moves.territoire_id, moves.indicateur_id
            order by shares.part_ktco2e desc nulls last, moves.levier_id asc
        ) = 1
),

moved as (
    select
        'evolution' as subject,
        territoire_id,
        levier_id,
        indicateur_id,
        null as region_id,
        row_number() over (
            partition by territoire_id
            order by
                est_a_verifier asc,
                est_la_plus_recente desc,
                annee desc,
                part_ktco2e desc nulls last,
                levier_id asc,
                indicateur_id asc
        ) as rang
    from changes
),

missing as (
    select
        'a_obtenir' as subject,
        territoire_id,
        levier_id,
        null as indicateur_id,
        null as region_id,
        row_number() over (
            partition by territoire_id order by demande_ktco2e desc nulls last, levier_id asc
        ) as rang
    from {{ ref('fait_manque') }}
    where jeu is not null and etat is distinct from 'received'
),

-- A rate that is not too old, of a lever that nothing judges here.
rated as (
    select
        'taux' as subject,
        readings.territoire_id,
        readings.levier_id,
        rates.indicateur_id,
        null as region_id,
        row_number() over (
            partition by readings.territoire_id
            order by shares.part_ktco2e desc nulls last, readings.levier_id asc
        ) as rang
    from {{ ref('fait_lecture') }} as readings
    inner join {{ ref('fait_taux') }} as rates
        on readings.levier_id = rates.levier_id and readings.niveau = rates.niveau and rates.est_recent
    inner join {{ ref('fait_valeur_comparee') }} as own
        on readings.territoire_id = own.territoire_id and rates.indicateur_id = own.indicateur_id
    inner join shares
        on readings.territoire_id = shares.territoire_id and readings.levier_id = shares.levier_id
    where readings.lecture = 'not_judged'
),

ordered as (
    select * from asked
    union all by name
    select * from tabled
    union all by name
    select * from compared
    union all by name
    select * from moved
    union all by name
    select * from missing
    union all by name
    select * from rated
)

select
    ordered.territoire_id,
    territories.territoire,
    ordered.subject as sujet,
    {{ label_fr('told_first', 'ordered.subject') }} as sujet_libelle,
    ordered.rang,
    ordered.levier_id,
    levers.levier_court,
    ordered.indicateur_id,
    ordered.region_id
from ordered
inner join {{ ref('dim_territoire') }} as territories on ordered.territoire_id = territories.territoire_id
inner join {{ ref('dim_levier') }} as levers on ordered.levier_id = levers.levier_id

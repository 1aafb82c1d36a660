{#- Observations are followed from the year before that of the targets' start. -#}
{% set first_year = 2018 %}
with commitments as (
    select
        lever_id,
        territory_level,
        territory_code,
        horizon_year,
        in_force_from,
        in_force_until,
        has_entry,
        has_withdrawal,
        commitment_count,
        action_count,
        asked_ktco2e,
        done_or_planned_ktco2e,
        new_ambition_ktco2e,
        asked_delta,
        done_or_planned_delta,
        new_ambition_delta,
        new_levels,
        actions,
        responsibles,
        roadmaps
    from {{ ref('int_cop_commitments_dated') }}
),

roadmap as (
    select
        roadmap.levier_id,
        roadmap.levier,
        roadmap.thematique,
        roadmap.niveau,
        roadmap.code_territoire,
        roadmap.territoire,
        roadmap.code_region,
        roadmap.horizon,
        roadmap.cible_2030_ktco2e,
        roadmap.part_indicative_ktco2e,
        roadmap.evolution_physique_indicative,
        roadmap.unite_physique,
        roadmap.unite_physique_libelle,
        roadmap.indicateur,
        roadmap.unite_indicateur,
        roadmap.unite_indicateur_libelle
    from {{ ref('mart_cop_roadmap') }} as roadmap
    semi join commitments
        on
            roadmap.levier_id = commitments.lever_id
            and roadmap.niveau = commitments.territory_level
            and roadmap.code_territoire = commitments.territory_code
            and roadmap.horizon = commitments.horizon_year
),

-- A year is known at its end.
observations as (
    select
        selected.lever_id,
        indicator_values.territory_level,
        indicator_values.territory_code,
        indicator_values.year,
        make_date(indicator_values.year, 12, 31) as known_from,
        lead(make_date(indicator_values.year, 12, 31)) over (
            partition by selected.lever_id, indicator_values.territory_level, indicator_values.territory_code
            order by indicator_values.year
        ) as known_until,
        indicator_values.value,
        indicator_values.completeness_pct,
        indicator_values.is_entered
    from {{ ref('int_cop_observations_selected') }} as selected
    inner join {{ ref('fct_indicator_value') }} as indicator_values
        on
            selected.indicator_id = indicator_values.indicator_id
            and selected.territory_level = indicator_values.territory_level
            and selected.territory_code = indicator_values.territory_code
    inner join {{ ref('dim_framework') }} as frameworks
        on
            selected.framework_version = frameworks.framework_version
            and frameworks.is_target_version
    where
        indicator_values.value is not null
        and not indicator_values.is_incomplete_year
        and not indicator_values.is_anomalous
        and indicator_values.year >= {{ first_year }}
),

dates as (
    select
        lever_id,
        territory_level,
        territory_code,
        horizon_year,
        in_force_from as followed_on
    from commitments
    union
    select
        roadmap.levier_id as lever_id,
        roadmap.niveau as territory_level,
        roadmap.code_territoire as territory_code,
        roadmap.horizon as horizon_year,
        observations.known_from as followed_on
    from roadmap
    inner join observations
        on
            roadmap.levier_id = observations.lever_id
            and roadmap.niveau = observations.territory_level
            and roadmap.code_territoire = observations.territory_code
)

select
    roadmap.levier_id,
    roadmap.levier,
    roadmap.thematique,
    roadmap.niveau,
    roadmap.code_territoire,
    roadmap.territoire,
    roadmap.code_region,
    roadmap.horizon,
    dates.followed_on as date_suivi,
    coalesce(commitments.in_force_from = dates.followed_on and commitments.has_entry, false)
        as engagement_saisi_ce_jour,
    coalesce(commitments.in_force_from = dates.followed_on and commitments.has_withdrawal, false)
        as engagement_retire_ce_jour,
    coalesce(observations.known_from = dates.followed_on, false) as observation_de_ce_jour,
    roadmap.cible_2030_ktco2e,
    roadmap.part_indicative_ktco2e,
    roadmap.evolution_physique_indicative,
    commitments.asked_ktco2e as demande_ktco2e,
    commitments.done_or_planned_ktco2e as fait_ou_prevu_ktco2e,
    commitments.new_ambition_ktco2e as nouvelle_ambition_ktco2e,
    commitments.asked_delta as demande_physique,
    commitments.done_or_planned_delta as fait_ou_prevu_physique,
    commitments.new_ambition_delta as nouvelle_ambition_physique,
    commitments.new_levels as nouveaux_niveaux_vises,
    roadmap.unite_physique,
    roadmap.unite_physique_libelle,
    coalesce(commitments.commitment_count, 0) as nombre_engagements,
    coalesce(commitments.action_count, 0) as nombre_actions_sans_chiffre,
    commitments.actions,
    commitments.responsibles as responsables,
    commitments.roadmaps as feuilles_de_route,
    roadmap.indicateur,
    roadmap.unite_indicateur,
    roadmap.unite_indicateur_libelle,
    observations.year as annee_observee,
    observations.value as valeur_observee,
    observations.completeness_pct as completude_pct,
    observations.is_entered as valeur_saisie
from roadmap
inner join dates
    on
        roadmap.levier_id = dates.lever_id
        and roadmap.niveau = dates.territory_level
        and roadmap.code_territoire = dates.territory_code
        and roadmap.horizon = dates.horizon_year
left join commitments
    on
        dates.lever_id = commitments.lever_id
        and dates.territory_level = commitments.territory_level
        and dates.territory_code = commitments.territory_code
        and dates.horizon_year = commitments.horizon_year
        and dates.followed_on >= commitments.in_force_from
        and dates.followed_on < coalesce(commitments.in_force_until, 'infinity'::date)
left join observations
    on
        dates.lever_id = observations.lever_id
        and dates.territory_level = observations.territory_level
        and dates.territory_code = observations.territory_code
        and dates.followed_on >= observations.known_from
        and dates.followed_on < coalesce(observations.known_until, 'infinity'::date)

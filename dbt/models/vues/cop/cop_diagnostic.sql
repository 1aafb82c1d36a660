-- An action counts where it is and in what holds it: its EPCI, departement and region; of an EPCI in two
-- regions, those of each region apart.
with placed as (
    select
        actions.lever_id,
        actions.year,
        actions.grant_eur,
        departements.region_code,
        levels.territory_level,
        case levels.territory_level
            when 'epci' then actions.epci_code
            when 'departement' then actions.departement_code
            else departements.region_code
        end as territory_code
    from {{ ref('fct_territory_action') }} as actions
    inner join {{ ref('dim_territory') }} as departements
        on
            actions.departement_code = departements.territory_code
            and departements.territory_level = 'departement'
    cross join (values ('epci'), ('departement'), ('region')) as levels (territory_level)
    where actions.lever_id is not null
),

found as (
    select
        placed.lever_id,
        placed.region_code,
        placed.territory_level,
        placed.territory_code,
        count(*) as actions,
        min(placed.year) as first_year,
        max(placed.year) as last_year,
        sum(placed.grant_eur) as grant_eur
    from placed
    group by all
)

select
    {{ lever_theme_and_territory_columns('parts') }},
    regions.name as region,
    observed.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    observed.start_year as annee_depart,
    observed.start_value as valeur_depart,
    observed.latest_year as annee,
    observed.latest_date as date_observation,
    observed.latest_value as valeur,
    observed.value_status_label_fr as nature_valeur,
    observed.completeness_pct as completude_pct,
    observed.is_provisional as est_provisoire,
    observed.is_judged as est_jugee,
    observed.reason as motif_absence,
    datasets.attribution as source,
    parts.remark as remarque,
    cast(parts.part_ktco2e as double) as demande_ktco2e,
    verdicts.reading as lecture,
    {{ label_fr('reading', 'verdicts.reading') }} as lecture_libelle,
    held.role as role,
    {{ label_fr('competence_role', 'held.role') }} as role_libelle,
    held.competences,
    coalesce(found.actions, 0) as actions_trouvees,
    found.first_year as premiere_annee_actions,
    found.last_year as derniere_annee_actions,
    found.grant_eur as subventions_trouvees_eur,
    verdicts.reading = 'not_judged' and found.actions is null and parts.part_ktco2e > 0 as est_reste
from {{ ref('fct_lever_part') }} as parts
{{ join_lever_theme_and_territory('parts') }}
{{ join_region('parts') }}
inner join {{ ref('fct_lever_observation') }} as observed
    on
        parts.lever_id = observed.lever_id
        and {{ same_territory('parts', 'observed') }}
        and parts.framework_version = observed.framework_version
left join {{ ref('dim_indicator') }} as indicators on observed.indicator_id = indicators.indicator_id
left join {{ ref('dim_dataset') }} as datasets on observed.dataset_id = datasets.dataset_id
left join {{ ref('fct_lever_verdict') }} as verdicts
    on
        parts.lever_id = verdicts.lever_id
        and {{ same_territory('parts', 'verdicts') }}
        and parts.framework_version = verdicts.framework_version
        and verdicts.is_shown
left join {{ ref('fct_lever_competence') }} as held
    on
        parts.lever_id = held.lever_id
        and parts.territory_code = held.epci_code
        and parts.territory_level = 'epci'
left join found
    on
        parts.lever_id = found.lever_id
        and {{ same_territory('parts', 'found') }}
        and parts.region_code = found.region_code

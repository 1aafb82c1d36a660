with datasets as (
    select
        known.dataset_id,
        known.title_fr,
        known.homepage,
        known.producer,
        {{ dataset_state('known') }} as state
    from {{ ref('dim_dataset') }} as known
)

select
    {{ lever_and_territory_columns('verdicts') }},
    verdicts.indicator_id as indicateur_id,
    observed.latest_value is not null or verdicts.latest_value is not null as a_une_valeur,
    verdicts.reason_code as raison_code,
    {{ label_fr('verdict_reason', 'verdicts.reason_code') }} as raison,
    verdicts.reason as raison_detaillee,
    verdicts.missing_dataset as donnee_manquante,
    verdicts.missing_dataset_id as jeu_id,
    datasets.title_fr as jeu,
    datasets.producer as detenteur,
    datasets.homepage as page_du_jeu,
    datasets.state as etat,
    {{ label_fr('missing_state', 'datasets.state') }} as etat_libelle,
    demands.asked_ktco2e as demande_ktco2e,
    if(
        verdicts.missing_dataset is null,
        null,
        count(*) over (
            partition by
                verdicts.territory_level,
                verdicts.territory_code,
                coalesce(verdicts.missing_dataset_id, verdicts.missing_dataset)
        )
    ) as leviers_ouverts
from {{ ref('fct_lever_verdict') }} as verdicts
{{ join_lever_and_territory('verdicts') }}
left join {{ ref('fct_lever_demand') }} as demands
    on
        verdicts.lever_id = demands.lever_id
        and {{ same_territory('verdicts', 'demands') }}
        and verdicts.framework_version = demands.framework_version
left join {{ ref('fct_lever_observation') }} as observed
    on
        verdicts.lever_id = observed.lever_id
        and {{ same_territory('verdicts', 'observed') }}
        and verdicts.framework_version = observed.framework_version
left join datasets on verdicts.missing_dataset_id = datasets.dataset_id
where
    verdicts.is_shown
    and (verdicts.reading = 'not_judged' or verdicts.missing_dataset is not null)
    and {{ is_lever_of_territory() }}

with arrivals as (
    select
        lever_id,
        indicator_id,
        basis,
        territory_level,
        territory_code,
        framework_version,
        max(arrival_year) as arrival_year
    from {{ ref('fct_lever_trajectory') }}
    group by all
)

select
    verdicts.lever_id as levier_id,
    levers.lever_name_fr as levier,
    places.theme_name_fr as thematique,
    places.chantier_name_fr as chantier,
    verdicts.territory_level as niveau,
    territories.level_label_fr as niveau_libelle,
    verdicts.territory_code as code_territoire,
    territories.name as territoire,
    territories.departement_code as code_departement,
    verdicts.reading as statut,
    verdicts.reading_label_fr as statut_libelle,
    case
        when verdicts.reading = 'on_line' then true
        when verdicts.reading in ('behind', 'opposite') then false
    end as est_favorable,
    verdicts.basis as base,
    verdicts.basis_label_fr as base_libelle,
    verdicts.confidence as confiance,
    verdicts.confidence_label_fr as confiance_libelle,
    (
        select string_agg(doubts.sentence_fr, ' ; ' order by doubts.code)
        from {{ ref('fct_verdict_doubt') }} as doubts
        where
            doubts.lever_id = verdicts.lever_id
            and doubts.indicator_id = verdicts.indicator_id
            and doubts.basis = verdicts.basis
            and doubts.territory_level = verdicts.territory_level
            and doubts.territory_code = verdicts.territory_code
            and doubts.framework_version = verdicts.framework_version
            and doubts.weakens <> 'verdict'
            and verdicts.reading <> 'not_judged'
    ) as reserves,
    verdicts.is_shown as est_affiche,
    verdicts.judges as porte_sur,
    coalesce(verdicts.indicator_id, 'aucun') as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    verdicts.start_year as annee_depart,
    verdicts.start_value as valeur_depart,
    verdicts.latest_year as annee,
    make_date(verdicts.latest_year, 1, 1) as date_annee,
    verdicts.latest_value as valeur,
    verdicts.path_value as valeur_attendue,
    verdicts.target_year as annee_cible,
    verdicts.target_value as valeur_visee,
    verdicts.gap as ecart,
    verdicts.gap_ktco2e as ecart_ktco2e,
    verdicts.pace_observed as rythme_observe,
    verdicts.pace_required as rythme_necessaire,
    arrivals.arrival_year as annee_atteinte_au_rythme,
    verdicts.reason_code as motif_code,
    verdicts.reason as motif,
    verdicts.missing_dataset as donnee_manquante
from {{ ref('fct_lever_verdict') }} as verdicts
inner join {{ ref('dim_framework') }} as frameworks
    on
        verdicts.framework_version = frameworks.framework_version
        and frameworks.is_target_version
inner join {{ ref('dim_lever') }} as levers on verdicts.lever_id = levers.lever_id
inner join {{ ref('bridge_lever_chantier') }} as places on verdicts.lever_id = places.lever_id
inner join {{ ref('dim_territory') }} as territories
    on
        verdicts.territory_level = territories.territory_level
        and verdicts.territory_code = territories.territory_code
left join arrivals
    on
        {{ same_line('verdicts', 'arrivals') }}
left join {{ ref('dim_indicator') }} as indicators on verdicts.indicator_id = indicators.indicator_id

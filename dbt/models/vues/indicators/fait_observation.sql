{{ config(tags=['star']) }}

select
    {{ territory_columns('territories') }},
    indicators.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    observed.year as annee,
    observed.reference_date as date_observation,
    observed.value as valeur,
    indicators.unit_label_fr as unite,
    indicators.is_additive as est_additif,
    observed.value_status as statut_valeur,
    kinds.label_fr as nature_valeur,
    observed.completeness_pct as completude_pct,
    observed.is_provisional as est_provisoire,
    case
        when observed.value is null then 'valeur inconnue'
        when observed.is_anomalous or observed.is_incomplete_year then 'écartée'
        when
            observed.value_status = 'estimated'
            or coalesce(observed.completeness_pct, 0) < {{ threshold('complete_pct') }}
            or observed.is_provisional
            or not datasets.verified
            then 'à nuancer'
        else 'bonne'
    end as confiance,
    nullif(
        concat_ws(
            ' ; ',
            case when observed.is_anomalous then 'valeur impossible' end,
            case when observed.is_incomplete_year then 'année incomplète' end,
            case when observed.value is null then kinds.label_fr end,
            case when observed.value_status = 'estimated' then 'estimation' end,
            case
                when
                    observed.value is not null
                    and observed.completeness_pct < {{ threshold('complete_pct') }}
                    then
                        'minorant : '
                        || {{ number_fr('round(observed.completeness_pct, 1)') }} || ' % connus'
            end,
            case
                when
                    observed.value is not null
                    and observed.completeness_pct is null
                    and not observed.is_incomplete_year
                    then 'la source ne dit pas ce qui lui manque'
            end,
            case when observed.is_provisional then 'provisoire' end,
            case when not datasets.verified then 'source jamais vérifiée sur un vrai fichier' end
        ),
        ''
    ) as reserves,
    datasets.dataset_id as jeu_id,
    datasets.title_fr as jeu,
    datasets.attribution as source,
    datasets.licence_label_fr as licence,
    observed.snapshot_id as fichier_id
from {{ ref('fct_indicator_value') }} as observed
{{ join_territory('observed') }}
inner join {{ ref('dim_indicator') }} as indicators on observed.indicator_id = indicators.indicator_id
inner join {{ ref('dim_dataset') }} as datasets on observed.dataset_id = datasets.dataset_id
left join {{ ref('dim_label') }} as kinds
    on
        observed.value_status = kinds.code
        and kinds.domain = 'value_status'
where territories.is_in_scope

{{ config(tags=['star']) }}

with breaks as (
    select distinct
        indicator_id,
        territory_level,
        territory_code,
        year
    from {{ ref('fct_finding') }}
    where kind in ('series_break', 'territory_break')
),

everywhere as (
    select *
    from breaks
    where territory_code is null
),

here as (
    select *
    from breaks
    where territory_code is not null
),

-- What a fuller count measures stands for the completeness that a source does not say.
listed as (
    select
        known.* exclude (completeness_pct),
        coalesce(known.completeness_pct, coverages.coverage_pct) as completeness_pct
    from {{ ref('fct_indicator_value') }} as known
    {{ join_territory('known', in_scope=true) }}
    left join {{ ref('int_coverages_measured') }} as coverages
        on
            known.indicator_id = coverages.indicator_id
            and coalesce(territories.region_code, territories.territory_code) = coverages.region_code
),

observed as (
    select
        *,
        value is not null
        and not is_anomalous
        and not is_incomplete_year
        and coalesce(completeness_pct >= {{ threshold('usable_known_pct') }}, true) as is_usable,
        max(if(value is not null, year, null)) over (
            partition by indicator_id, territory_level, territory_code
            order by year asc rows between unbounded preceding and 1 preceding
        ) as known_before,
        is_usable and row_number() over (
            partition by indicator_id, territory_level, territory_code, is_usable
            order by year desc
        ) = 1 as is_latest
    from listed
)

select
    {{ territory_columns('territories') }},
    indicators.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    observed.year as annee,
    observed.reference_date as date_observation,
    observed.value as valeur,
    indicators.unit_label_fr as unite,
    indicators.is_additive as est_additif,
    case
        when observed.value is null and observed.value_status = 'secret' then 'secrète'
        when observed.value is null and observed.value_status = 'below_threshold' then 'sous le seuil'
        when observed.value is null then 'manquante'
        when observed.is_anomalous or observed.is_incomplete_year then 'écartée'
        when observed.completeness_pct < {{ threshold('complete_pct') }} then 'partielle'
        when observed.value_status = 'estimated' then 'estimée'
        when observed.is_provisional then 'provisoire'
        when observed.completeness_pct is null then 'étendue inconnue'
        else 'entière'
    end as statut,
    observed.is_usable as est_utilisable,
    observed.is_latest as est_la_derniere,
    coalesce(
        observed.value is not null and greatest(everywhere.year, here.year) > observed.known_before, false
    ) as est_une_rupture,
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
    observed.snapshot_id as fichier_id
from observed
{{ join_territory('observed') }}
inner join {{ ref('dim_indicator') }} as indicators on observed.indicator_id = indicators.indicator_id
inner join {{ ref('dim_dataset') }} as datasets on observed.dataset_id = datasets.dataset_id
left join {{ ref('dim_label') }} as kinds
    on
        observed.value_status = kinds.code
        and kinds.domain = 'value_status'
asof left join everywhere
    on
        observed.indicator_id = everywhere.indicator_id
        and observed.year >= everywhere.year
asof left join here
    on
        observed.indicator_id = here.indicator_id
        and {{ same_territory('observed', 'here') }}
        and observed.year >= here.year

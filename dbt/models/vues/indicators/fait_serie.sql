{{ config(materialized='kept_table') }}
with shown as (
    {{ series_shown() }}
),

-- A series that is composed for a verdict has its values there alone.
listed as (
    select
        shown.*,
        published.year,
        published.value,
        published.completeness_pct,
        published.is_provisional,
        published.value_status in ('observed', 'aggregated')
        and not published.is_provisional
        and not published.is_incomplete_year
        and not published.is_anomalous as is_usable,
        published.dataset_id,
        published.snapshot_id
    from shown
    inner join {{ ref('fct_indicator_value') }} as published
        on
            shown.indicator_id = published.indicator_id
            and {{ same_territory('shown', 'published') }}
    where shown.composed_of is null
    union all by name
    select
        shown.*,
        composed.year,
        composed.published_value as value,
        composed.completeness_pct,
        false as is_provisional,
        composed.left_out_because is null as is_usable,
        composed.dataset_id
    from shown
    inner join {{ ref('fct_verdict_value') }} as composed
        on {{ same_series('shown', 'composed') }}
    where shown.composed_of is not null
),

measured as (
    select
        *,
        max(abs(value)) over (
            partition by lever_id, framework_version, territory_level, territory_code
        ) as largest
    from listed
)

select
    {{ lever_and_territory_columns('measured') }},
    measured.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    {{ scale_columns('measured.largest') }},
    measured.year as annee,
    measured.value as valeur,
    compared.compared_value as valeur_comparee,
    measured.is_judged as est_jugee,
    measured.composed_of is not null as est_composee,
    measured.completeness_pct as completude_pct,
    coalesce(measured.is_provisional, false) as est_provisoire,
    coalesce(
        measured.is_usable
        and measured.value is not null
        and measured.completeness_pct >= {{ threshold('complete_pct') }},
        false
    ) as est_sure,
    exists(
        select 1
        from {{ ref('fait_qualite') }} as findings
        where
            findings.est_une_rupture
            and measured.indicator_id = findings.indicateur_id
            and measured.year = findings.annee
            and (
                findings.code_territoire is null
                or (measured.territory_level, measured.territory_code)
                = (findings.niveau, findings.code_territoire)
            )
    ) as est_une_rupture,
    measured.dataset_id as jeu_id,
    datasets.attribution as source,
    datasets.licence_label_fr as licence,
    measured.snapshot_id as fichier_id
from measured
{{ join_lever_and_territory('measured') }}
inner join {{ ref('dim_indicator') }} as indicators on measured.indicator_id = indicators.indicator_id
inner join {{ ref('dim_dataset') }} as datasets on measured.dataset_id = datasets.dataset_id
left join {{ ref('fct_verdict_value') }} as compared
    on
        {{ same_series('measured', 'compared') }}
        and measured.year = compared.year
{{ join_scale('measured.largest') }}

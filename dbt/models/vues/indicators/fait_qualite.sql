{{ config(tags=['star']) }}

select
    left(
        md5(
            concat_ws(
                '/',
                findings.kind,
                findings.indicator_id,
                {{ territory_id('findings.territory_level', 'findings.territory_code') }},
                findings.year,
                findings.compared_indicator_id
            )
        ),
        12
    ) as constat_id,
    findings.kind as constat,
    findings.kind_label_fr as constat_libelle,
    findings.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    indicators.unit_label_fr as unite,
    {{ territory_columns('findings') }},
    findings.year as annee,
    findings.value as valeur,
    findings.compared_value as valeur_comparee,
    findings.compared_indicator_id as indicateur_compare_id,
    compared.label_fr as indicateur_compare,
    findings.is_set_aside as est_ecartee,
    findings.reason as motif,
    findings.kind in ('series_break', 'territory_break') as est_une_rupture,
    findings.kind not in ('series_break', 'territory_break', 'incomplete_year') as porte_sur_la_valeur
from {{ ref('fct_finding') }} as findings
inner join {{ ref('dim_indicator') }} as indicators on findings.indicator_id = indicators.indicator_id
left join {{ ref('dim_indicator') }} as compared on findings.compared_indicator_id = compared.indicator_id
left join {{ ref('dim_territory') }} as territories
    on {{ same_territory('findings', 'territories') }}
where findings.territory_level is null or territories.is_in_scope

{{ config(materialized='kept_table') }}
{#- The value shown of a lever in a territory: the one that is read or, without a reading, the last one
observed. Only a reading has a path and a target. -#}
with scales as (
    select
        levier_id,
        territoire_id,
        any_value(unite_affichee) as display_unit,
        any_value(facteur_affichage) as display_factor,
        any_value(decimales) as decimals
    from {{ ref('fait_serie') }}
    group by levier_id, territoire_id
),

refused as (
    select distinct
        levier_id,
        cle_id
    from {{ ref('fait_cle_ecartee') }}
    where est_ecartee
),

-- A territory of two regions has a part of the target of each: the part of its own region is shown.
parts as (
    select
        given.levier_id,
        given.territoire_id,
        given.region_id,
        refused.cle_id is not null as is_key_refused_elsewhere
    from {{ ref('fait_part') }} as given
    inner join {{ ref('dim_territoire') }} as territories on given.territoire_id = territories.territoire_id
    left join refused on given.levier_id = refused.levier_id and given.cle_id = refused.cle_id
    qualify
        row_number() over (
            partition by given.levier_id, given.territoire_id
            order by coalesce(given.region_id = territories.region_id, false) desc, given.region_id asc
        ) = 1
),

observed as (
    {{ in_force('fct_lever_observation') }}
)

select
    readings.levier_id,
    readings.levier,
    readings.territoire_id,
    readings.niveau,
    readings.code_territoire,
    readings.territoire,
    readings.lecture <> 'not_judged' as est_juge,
    indicators.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    coalesce(indicators.short_name_fr, indicators.label_fr) as nom,
    coalesce(paces.unite_affichee, scales.display_unit) as unite_affichee,
    coalesce(paces.facteur_affichage, scales.display_factor) as facteur_affichage,
    coalesce(paces.decimales, scales.decimals) as decimales,
    coalesce(readings.annee, observed.latest_year) as annee,
    coalesce(readings.valeur, observed.latest_value) as valeur,
    if(readings.lecture = 'not_judged', null, readings.valeur_attendue) as valeur_attendue,
    if(readings.lecture = 'not_judged', null, paces.annee_visee) as annee_visee,
    if(readings.lecture = 'not_judged', null, readings.valeur_visee) as valeur_visee,
    {{ is_indicative('readings.base') }} as est_indicatif,
    if(readings.base = 'none', null, readings.base_libelle) as repere,
    if(
        readings.lecture = 'not_judged', null, {{ label_fr('path_of_basis', 'readings.base') }}
    ) as trajectoire_libelle,
    paces.lissage_annees,
    paces.correction_climat_libelle,
    parts.region_id,
    coalesce(parts.is_key_refused_elsewhere, false) as cle_ecartee_ailleurs
from {{ ref('fait_lecture') }} as readings
left join observed
    on
        readings.levier_id = observed.lever_id
        and readings.niveau = observed.territory_level
        and readings.code_territoire = observed.territory_code
left join {{ ref('dim_indicator') }} as indicators
    on indicators.indicator_id = coalesce(readings.indicateur_id, observed.indicator_id)
left join {{ ref('fait_rythme') }} as paces
    on readings.levier_id = paces.levier_id and readings.territoire_id = paces.territoire_id
left join scales
    on readings.levier_id = scales.levier_id and readings.territoire_id = scales.territoire_id
left join parts
    on readings.levier_id = parts.levier_id and readings.territoire_id = parts.territoire_id

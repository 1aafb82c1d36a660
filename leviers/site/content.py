"""What the pages say, read from the published file in a few queries."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from leviers.site.borders import Border, read_borders, read_departements
from leviers.site.charts import Path as TargetPath
from leviers.site.charts import Point
from leviers.site.french import folded, in_region

NOT_JUDGED = "not_judged"
ALL_LEVERS = "all"
EVERY_REGION = "all"
HEADLINES = 6
RECENT_YEARS = 3  # an older value is no headline
COMPLETE = 99.95  # percent that are written as 100
NEIGHBOURS = 10
LEVEL_TO_REACH = "niveau à atteindre"
CLIMATE_PLANS = "ademe_pcaet"
FACTORIES = "eu_ets_verified_emissions"
SITE_KEYS = (FACTORIES, "household_waste_landfill")  # and landfills
REGIONAL_INVENTORY = "l'AASQA de la région"
_CORNER = re.compile(r"\[\s*(-?[\d.]+\s*,\s*-?[\d.]+)")  # longitude and latitude in GeoJSON
JUMP = 2  # from one year to the next, what is more than a measure often does
SAME = 0.0005  # two values that no reader would tell apart

COMPARED_MEASURES = (
    "capacity_renewable",
    "charging_points",
    "biomethane_capacity",
    "heat_commune_renewable_share",
    "carpool_places",
    "secure_cycle_routes_ppg",
    "aldo_artificialised_area",
)

TERRITORIES = """
select
    territory_level as level, territory_code as code, name, region_code, departement_code, population, population_year,
    area_km2
from marts.dim_territory
where (territory_level, territory_code) in (select (niveau, code_territoire) from marts.mart_cop_diagnostic)
order by
    list_position(['region', 'departement', 'epci'], territory_level) nulls last, territory_level, territory_code
"""
# Regions that have no page, which compare with those that have one.
OTHER_REGIONS = """
select
    territory_level as level, territory_code as code, name, region_code, departement_code, population, population_year,
    area_km2
from marts.dim_territory
where territory_level = 'region' and territory_code not in (
    select code_territoire from marts.mart_cop_diagnostic where niveau = 'region'
)
order by territory_code
"""
LINES = """
select
    diagnostic.niveau as level,
    diagnostic.code_territoire as code,
    diagnostic.levier_id as lever_id,
    diagnostic.levier as lever,
    diagnostic.thematique as theme,
    diagnostic.indicateur as indicator,
    diagnostic.unite_libelle as unit,
    diagnostic.derniere_annee as latest_year,
    diagnostic.derniere_valeur as latest_value,
    diagnostic.demi_intervalle as interval,
    diagnostic.nature_valeur as nature,
    diagnostic.completude_pct as completeness,
    diagnostic.est_provisoire as is_provisional,
    diagnostic.motif_absence as absence,
    diagnostic.source_observation as source,
    diagnostic.source_verifiee as source_is_verified,
    objectives.cible_2030_ktco2e as target_ktco2e,
    objectives.cible_2030 as target,
    objectives.unite_cible_libelle as target_unit,
    objectives.nature_cible as target_kind,
    allocation.part_indicative_ktco2e as share_ktco2e,
    allocation.part_indicative_pct as share_pct,
    allocation.cle_indicative_libelle as key_label,
    allocation.cle_indicative_annee as key_year,
    allocation.cle_indicative_approchee as key_is_proxy,
    allocation.cle_indicative_motif as key_reason,
    allocation.cible_region_ktco2e as regional_ktco2e,
    allocation.evolution_physique_indicative as share_change,
    allocation.cible_unitaire_indicative as share_rate,
    allocation.unite_physique_libelle as share_unit,
    allocation.cle_indicative as key_id,
    string_split(allocation.source_cle, ' + ') as key_dataset_ids,
    split_part(coalesce(objectives.source_cible, allocation.source_cible), ':', 1) as target_dataset_id,
    regional.nature_cible as regional_kind,
    coalesce(regional.cible_affichee_par_l_etat, true) as is_shown_by_state,
    diagnostic.code_region as region_code,
    regions.name as region,
    diagnostic.remarque as remark
from marts.mart_cop_diagnostic as diagnostic
inner join marts.dim_territory as territories
    on diagnostic.niveau = territories.territory_level and diagnostic.code_territoire = territories.territory_code
left join marts.mart_cop_objectives as objectives using (levier_id, niveau, code_territoire, code_region)
left join marts.mart_cop_allocation as allocation using (levier_id, niveau, code_territoire, code_region)
left join marts.mart_cop_objectives as regional
    on
        diagnostic.levier_id = regional.levier_id
        and regional.niveau = 'region'
        and diagnostic.code_region = regional.code_territoire
left join marts.dim_territory as regions
    on regions.territory_level = 'region' and diagnostic.code_region = regions.territory_code
qualify row_number() over (
    partition by diagnostic.niveau, diagnostic.code_territoire, diagnostic.levier_id
    order by diagnostic.code_region = territories.region_code desc, diagnostic.code_region
) = 1
order by all
"""
# Levers that the regional COP do not quantify in ktCO2e, where a territory has a value.
OTHER_LINES = """
select
    verdicts.territory_level as level,
    verdicts.territory_code as code,
    verdicts.lever_id,
    levers.lever_name_fr as lever,
    themes.theme_name_fr as theme,
    indicators.label_fr as indicator,
    indicators.unit_label_fr as unit,
    verdicts.latest_year,
    verdicts.latest_published_value as latest_value,
    datasets.attribution as source,
    datasets.verified as source_is_verified
from marts.fct_lever_verdict as verdicts
inner join marts.dim_lever as levers using (lever_id)
inner join marts.bridge_lever_framework as links using (lever_id, framework_version)
inner join marts.dim_theme as themes using (theme_id)
inner join marts.dim_framework as frameworks using (framework_version)
inner join marts.dim_indicator as indicators using (indicator_id)
inner join marts.dim_territory as territories using (territory_level, territory_code)
left join marts.dim_dataset as datasets on indicators.dataset_id = datasets.dataset_id
where
    verdicts.is_shown
    and frameworks.is_target_version
    and not levers.is_quantified
    and verdicts.latest_published_value is not null
order by all
"""
VERDICTS = """
select
    verdicts.lever_id,
    verdicts.territory_level,
    verdicts.territory_code,
    verdicts.basis,
    verdicts.status,
    indicators.label_fr as indicator,
    indicators.unit_label_fr as unit,
    indicators.dataset_id,
    datasets.attribution as source,
    datasets.verified as source_is_verified,
    verdicts.start_year,
    verdicts.start_value,
    verdicts.start_label_fr,
    verdicts.start_origin = 'state' as is_start_of_state,
    verdicts.series_start_value,
    verdicts.joint_with,
    verdicts.latest_year,
    verdicts.latest_value as compared_value,
    verdicts.latest_published_value as published_value,
    verdicts.target_year,
    verdicts.target_value,
    verdicts.path_value,
    verdicts.is_favourable,
    verdicts.gap,
    verdicts.band,
    verdicts.margin,
    verdicts.gap_ktco2e,
    verdicts.pace_observed,
    verdicts.pace_required,
    verdicts.year_met_at_pace,
    verdicts.covered_share_pct,
    verdicts.smoothing_years,
    verdicts.climate_correction,
    verdicts.confidence,
    verdicts.confidence_reasons,
    verdicts.reason,
    verdicts.missing_dataset,
    lacking.homepage as missing_page,
    case
        when lacking.status = 'planned' then 'planned'
        when lacking.loaded_rows > 0 then 'received'
        when lacking.dataset_id is not null then 'expected'
    end as missing_state,
    verdicts.other_basis_disagrees,
    case
        when national.target_id is not null
            then {
                'rule': national.path_rule, 'strategy': national.strategy_fr, 'label': national.target_label_fr,
                'unit': national.unit_label_fr, 'start_year': national.start_year, 'start': national.start_value,
                'target_year': national.target_year, 'target': national.target_value
            }
    end as national
from marts.fct_lever_verdict as verdicts
inner join marts.dim_framework as frameworks using (framework_version)
left join marts.dim_indicator as indicators using (indicator_id)
left join marts.dim_dataset as datasets using (dataset_id)
left join marts.dim_dataset as lacking on verdicts.missing_dataset_id = lacking.dataset_id
left join marts.bridge_verdict_national_target as national using (lever_id, indicator_id, basis)
where verdicts.is_shown and frameworks.is_target_version
"""
# What is composed for a verdict has its values there alone.
COMPOSED = """
select
    verdicts.lever_id,
    verdicts.territory_level,
    verdicts.territory_code,
    list(distinct values.dataset_id order by values.dataset_id) as dataset_ids,
    [] as snapshot_ids,
    list({
        'year': values.year,
        'value': values.published_value,
        'is_sure': coalesce(values.completeness_pct >= 100, true) and values.left_out_because is null
    } order by values.year) as points
from marts.fct_lever_verdict as verdicts
inner join marts.dim_framework as frameworks using (framework_version)
inner join marts.fct_verdict_value as values
    using (lever_id, indicator_id, basis, territory_level, territory_code)
where verdicts.is_shown and frameworks.is_target_version and verdicts.composed_of is not null
group by all
"""
SERIES = """
with shown as (
    select distinct
        diagnostic.levier_id as lever_id,
        diagnostic.niveau as territory_level,
        diagnostic.code_territoire as territory_code,
        min(indicators.indicator_id) as indicator_id
    from marts.mart_cop_diagnostic as diagnostic
    inner join marts.dim_indicator as indicators on diagnostic.indicateur = indicators.label_fr
    inner join marts.bridge_lever_indicator as links
        on diagnostic.levier_id = links.lever_id and indicators.indicator_id = links.indicator_id
    where links.role = 'measure'
    group by all
    union
    select lever_id, territory_level, territory_code, indicator_id
    from marts.fct_lever_verdict
    where is_shown and indicator_id is not null
),
breaks as (
    select indicator_id, list({'year': break_year, 'reason': reason} order by break_year) as found
    from quality.fct_series_break
    group by indicator_id
)
select
    shown.lever_id,
    shown.territory_level,
    shown.territory_code,
    indicators.label_fr as indicator,
    list(distinct values.dataset_id order by values.dataset_id) as dataset_ids,
    list(distinct values.snapshot_id order by values.snapshot_id) as snapshot_ids,
    list({
        'year': values.year,
        'value': values.value,
        'is_sure': values.value_status in ('observed', 'aggregated') and values.completeness_pct >= 100
            and not values.is_provisional and not values.is_incomplete_year
    } order by values.year) as points,
    max_by({
        'latest_year': values.year,
        'latest_value': values.value,
        'nature': case values.value_status
            when 'observed' then 'observée'
            when 'estimated' then 'estimée'
            when 'aggregated' then 'somme de territoires'
        end,
        'completeness': values.completeness_pct,
        'is_provisional': values.is_provisional
    }, values.year) filter (where values.value is not null and not values.is_incomplete_year) as latest,
    any_value(breaks.found) as breaks,
    not any_value(indicators.is_additive) as is_rate
from shown
inner join marts.dim_indicator as indicators using (indicator_id)
inner join marts.fct_indicator_value as values using (indicator_id, territory_level, territory_code)
left join breaks using (indicator_id)
group by all
"""
DATASETS = """
with years as (
    select dataset_id, max(year) as latest_year
    from marts.fct_indicator_value
    where value is not null
    group by dataset_id
)
select
    datasets.dataset_id, datasets.title, datasets.title_fr, datasets.attribution,
    datasets.licence_label_fr as licence, datasets.licence_url, datasets.homepage, datasets.verified,
    datasets.verified_note, datasets.loaded_rows, datasets.quarantined_rows,
    datasets.cadence_label_fr as cadence, datasets.status, years.latest_year,
    max(snapshots.retrieved_at) as retrieved_at,
    list({
        'snapshot_id': snapshots.snapshot_id, 'name': snapshots.file_name, 'sha256': snapshots.sha256,
        'retrieved_at': snapshots.retrieved_at, 'vintage': snapshots.vintage, 'url': snapshots.url
    } order by snapshots.file_name) as files
from marts.dim_dataset as datasets
inner join marts.dim_snapshot as snapshots using (dataset_id)
left join years using (dataset_id)
group by all
order by datasets.attribution, datasets.title
"""
PLANNED = """
select
    dataset_id, attribution, coalesce(title_fr, title) as title, licence_label_fr as licence, licence_url, homepage,
    coalesce(verified_note_fr, verified_note) as note
from marts.dim_dataset
where status = 'planned'
order by attribution, dataset_id
"""
# The plans of an EPCI, the one whose file changed last first.
PLANS = """
select
    epci_code, coalesce(plan_name, 'sans nom') as name, coalesce(progress_label_fr, 'état non dit') as progress,
    launched_on, modified_on, snapshot_id
from marts.fct_climate_plan
order by epci_code, modified_on desc nulls last, launched_on desc nulls last, form_version desc, plan_id
"""
PLANS_PAGE = f"select homepage from marts.dim_dataset where dataset_id = '{CLIMATE_PLANS}'"
# What a Region has set for itself and says that it observed, what its source confirms first.
REGIONAL_FIGURES = """
select
    region_code, framework, metric_label_fr as metric, basis, horizon_year as horizon, value,
    unit_label_fr as unit, source, confidence_label_fr as confidence, confidence = 'confirmed' as is_confirmed,
    kind = 'target' as is_target
from marts.fct_regional_figure
order by is_confirmed desc, framework desc, horizon, metric, source
"""
# What the law asks of each territory: it applies by kind, size and region, or is unknown where one of them is.
OBLIGATIONS = """
select
    territories.territory_level as level,
    territories.territory_code as code,
    obligations.obligation_id,
    obligations.obligation_fr as name,
    obligations.asked_fr as asked,
    obligations.condition_fr as condition,
    obligations.scope_fr as scope,
    obligations.min_population,
    territories.population,
    territories.legal_type_label_fr as kind,
    string_split(obligations.lever_ids, ' ') as lever_ids,
    obligations.article_fr as article,
    obligations.url,
    obligations.text_as_of,
    obligations.verified as is_verified,
    obligations.caution_fr as caution,
    case
        when list_contains(string_split(obligations.except_region_codes, ' '), territories.region_code) then false
        when
            coalesce(obligations.legal_types, obligations.legal_types_of_any_size) is not null
            and territories.legal_type is null
            then null
        when
            obligations.legal_types is not null
            and not list_contains(string_split(obligations.legal_types, ' '), territories.legal_type)
            then false
        when obligations.min_population is null then true
        when list_contains(string_split(obligations.legal_types_of_any_size, ' '), territories.legal_type) then true
        else territories.population > obligations.min_population
    end as applies
from marts.dim_legal_obligation as obligations
inner join marts.dim_territory as territories using (territory_level)
where (territory_level, territory_code) in (select (niveau, code_territoire) from marts.mart_cop_diagnostic)
order by level, code, obligations.obligation_order
"""
# Of a region first, then of all of them.
REGIONAL_DOCUMENTS = """
select region_code, kind, kind_label_fr as label, title_fr as title, publisher, url
from marts.dim_regional_document
order by region_code nulls last, kind, document_id
"""
CHANTIERS = """
select
    chantiers.chantier_id, chantiers.chantier_name_fr as name, themes.theme_name_fr as theme, themes.theme_order,
    list(links.lever_id order by links.lever_id) filter (where levers.is_quantified) as lever_ids,
    bool_and(links.confidence = 'confirmed') filter (where levers.is_quantified) as is_confirmed
from marts.dim_chantier as chantiers
inner join marts.dim_theme as themes using (theme_id)
left join marts.bridge_lever_framework as links
    on chantiers.chantier_id = links.chantier_id and chantiers.framework_version = links.framework_version
left join marts.dim_lever as levers using (lever_id)
where chantiers.framework_version = (
    select framework_version from marts.dim_framework where content_fr = '22 chantiers'
)
group by all
order by themes.theme_order, chantiers.chantier_id
"""
# An EPCI of two regions is shown with the targets of its own.
PROGRESS = """
select
    progress.territory_level as level,
    progress.territory_code as code,
    progress.group_id as chantier_id,
    progress.lever_count,
    progress.target_at_least_ktco2e as asked,
    progress.target_ktco2e is null as is_least,
    progress.territory_target_share_pct as share_of_territory,
    progress.regional_target_share_pct as share_of_region,
    progress.judged_target_share_pct as judged_share,
    progress.worst_gap_lever_id,
    progress.worst_gap_ktco2e as worst_gap,
    progress.remark
from marts.fct_chantier_progress as progress
inner join marts.dim_framework as frameworks using (framework_version)
inner join marts.dim_territory as territories using (territory_level, territory_code)
where progress.group_kind in ('chantier', 'all') and frameworks.is_target_version
qualify row_number() over (
    partition by progress.territory_level, progress.territory_code, progress.group_id
    order by progress.region_code = territories.region_code desc, progress.region_code
) = 1
"""
# A part that several keys give: each of them.
KEYS = """
select
    keys.levier_id as lever_id,
    keys.niveau as level,
    keys.code_territoire as code,
    list({
        'label': keys.cle_indicative_libelle, 'year': keys.cle_indicative_annee,
        'is_proxy': keys.cle_indicative_approchee, 'share': keys.part_indicative_ktco2e
    } order by keys.cle_retenue desc, keys.rang, keys.cle_indicative) as found
from marts.mart_cop_allocation_range as keys
inner join marts.dim_territory as territories
    on keys.niveau = territories.territory_level and keys.code_territoire = territories.territory_code
where keys.dans_la_fourchette and keys.nombre_cles > 1 and keys.part_indicative_ktco2e is not null
group by keys.levier_id, keys.niveau, keys.code_territoire, keys.code_region, territories.region_code
qualify row_number() over (
    partition by keys.levier_id, keys.niveau, keys.code_territoire
    order by keys.code_region = territories.region_code desc, keys.code_region
) = 1
"""
COMMITMENTS = """
select
    roadmap.levier_id as lever_id,
    roadmap.niveau as level,
    roadmap.code_territoire as code,
    list({
        'horizon': roadmap.horizon, 'count': roadmap.nombre_engagements, 'roadmaps': roadmap.feuilles_de_route,
        'actions': roadmap.actions, 'responsible': roadmap.responsables, 'asked': roadmap.demande_ktco2e,
        'done': roadmap.fait_ou_prevu_ktco2e, 'ambition': roadmap.nouvelle_ambition_ktco2e,
        'beyond_share': roadmap.ecart_ambition_part_indicative_ktco2e, 'delta': roadmap.nouvelle_ambition_physique,
        'unit': roadmap.unite_physique_libelle, 'levels': roadmap.nouveaux_niveaux_vises
    } order by roadmap.horizon) as found
from marts.mart_cop_roadmap as roadmap
inner join marts.dim_territory as territories
    on roadmap.niveau = territories.territory_level and roadmap.code_territoire = territories.territory_code
where roadmap.nombre_engagements > 0
group by roadmap.levier_id, roadmap.niveau, roadmap.code_territoire, roadmap.code_region, territories.region_code
qualify row_number() over (
    partition by roadmap.levier_id, roadmap.niveau, roadmap.code_territoire
    order by roadmap.code_region = territories.region_code desc, roadmap.code_region
) = 1
"""
# Each day on which a commitment or a new version of it was entered or withdrawn, and what was observed by then.
HISTORY = """
select
    niveau as level, code_territoire as code, levier_id as lever_id, levier as lever, horizon, date_suivi as entered_on,
    engagement_retire_ce_jour as is_withdrawal, fait_ou_prevu_ktco2e as done, nouvelle_ambition_ktco2e as ambition,
    feuilles_de_route as roadmaps, indicateur as indicator, annee_observee as year, valeur_observee as value,
    unite_indicateur_libelle as unit
from marts.mart_cop_roadmap_history
where engagement_saisi_ce_jour or engagement_retire_ce_jour
order by date_suivi, levier, horizon
"""
# Do the ambitions add up to what the State asks of the region?
CLOSING = """
select
    levier_id as lever_id, levier as lever, code_region as region_code, horizon, mesure_libelle as measure,
    unite_libelle as unit, cible_region as target, nouvelle_ambition_region as own_ambition,
    territoires_comptes as counted, nouvelle_ambition as ambition, bouclage_pct as closed_pct,
    part_cible_couverte_pct as covered_pct, motif_non_comptes as left_out
from marts.mart_cop_bouclage
where niveau = 'ensemble' and (nouvelle_ambition is not null or nouvelle_ambition_region is not null)
order by levier, horizon, mesure
"""
# Every series that measures a lever in a territory and has two whole years since its last break.
MOVES = """
with breaks as (
    select indicator_id, max(break_year) as last_break
    from quality.fct_series_break
    group by indicator_id
),
known as (
    select
        links.lever_id, values.territory_level as level, values.territory_code as code, links.indicator_id,
        max_by(values.dataset_id, values.year) as dataset_id,
        max_by(values.snapshot_id, values.year) as snapshot_id,
        coalesce(bool_or(regexp_matches(links.reason_fr, '\\bbrutes?\\b|la série ne l''est pas')), false) as is_raw,
        list(values.value order by values.year) as yearly,
        list({
            'year': values.year, 'value': values.value,
            'is_sure': values.value_status in ('observed', 'aggregated') and values.completeness_pct >= 100
                and not values.is_provisional
        } order by values.year) as points
    from marts.bridge_lever_indicator as links
    inner join marts.fct_indicator_value as values using (indicator_id)
    semi join marts.mart_cop_diagnostic as shown
        on
            links.lever_id = shown.levier_id
            and values.territory_level = shown.niveau
            and values.territory_code = shown.code_territoire
    left join breaks using (indicator_id)
    where
        links.role = 'measure'
        and values.value is not null
        and not values.is_incomplete_year
        and not values.is_anomalous
        and values.year >= coalesce(breaks.last_break, values.year)
    group by all
    having count(*) > 1
),
-- a lever may have several series of one unit: an older one is not its latest news
newest as (
    select
        links.lever_id, values.territory_level as level, values.territory_code as code,
        indicators.unit_label_fr as unit, max(values.year) as year
    from marts.bridge_lever_indicator as links
    inner join marts.dim_indicator as indicators using (indicator_id)
    inner join marts.fct_indicator_value as values using (indicator_id)
    where values.value is not null and not values.is_incomplete_year
    group by all
)
select
    known.level, known.code, known.lever_id, indicators.label_fr as label, indicators.unit_label_fr as unit,
    known.dataset_id, known.snapshot_id, known.is_raw,
    known.yearly,
    known.points[1] as first, known.points[-2] as previous, known.points[-1] as last, newest.year as newest_year
from known
inner join marts.dim_indicator as indicators using (indicator_id)
inner join newest
    on
        known.lever_id = newest.lever_id
        and known.level = newest.level
        and known.code = newest.code
        and indicators.unit_label_fr is not distinct from newest.unit
order by indicators.label_fr
"""
ADJACENT = """
select epci_code, list(adjacent_epci_code order by adjacent_epci_code) as others
from marts.bridge_adjacent_epci
group by epci_code
"""
SIMILAR = """
select epci_code, list(similar_epci_code order by similarity_rank) as others
from marts.bridge_similar_epci
group by epci_code
"""
# What compares with the neighbours: the latest value of each series that measures a lever, or shows what was built.
# What farms, forests and soils do follows the area of a territory; the rest, its inhabitants.
MEASURES = f"""
with of_levers as (
    select links.indicator_id, bool_or(levers.sector_fr = 'Agriculture, Forêts et Sols') as is_of_land
    from marts.bridge_lever_indicator as links
    inner join marts.dim_lever as levers using (lever_id)
    where links.role = 'measure'
    group by links.indicator_id
)
select
    values.territory_level as level, values.territory_code as code, values.indicator_id,
    indicators.label_fr as label, indicators.unit_label_fr as unit, not indicators.is_additive as is_rate,
    coalesce(of_levers.is_of_land, false) or indicators.unit_label_fr in ('ha', 't CO2') as is_of_land,
    max_by({{
        'year': values.year, 'value': values.value, 'completeness': values.completeness_pct,
        'dataset_id': values.dataset_id, 'snapshot_id': values.snapshot_id
    }}, values.year) as latest
from marts.fct_indicator_value as values
inner join marts.dim_indicator as indicators using (indicator_id)
left join of_levers using (indicator_id)
where
    (values.indicator_id in {COMPARED_MEASURES} or of_levers.indicator_id is not null)
    and (
        values.territory_level = 'region'
        or (values.territory_level, values.territory_code)
            in (select (niveau, code_territoire) from marts.mart_cop_diagnostic)
    )
    and values.value is not null
    and not values.is_incomplete_year
    and not values.is_anomalous
group by all
order by level, code, values.indicator_id
"""
LEVER_MEASURES = """
select lever_id, list(indicator_id order by priority, indicator_id) as found
from marts.bridge_lever_indicator
where role = 'measure'
group by lever_id
"""
# The latest year of each inventory, sector by sector. Two sources neither add up nor compare.
EMISSIONS = """
select
    emissions.territory_level as level, emissions.territory_code as code, emissions.source, emissions.year,
    emissions.dataset_id, min(emissions.snapshot_id) as snapshot_id,
    replace(any_value(emissions.unit), 'tCO2', 't CO2') as unit,
    any_value(emissions.gases) as gases, any_value(emissions.scope) as scope,
    sum(emissions.value order by emissions.sector) as total,
    list({'sector': emissions.sector, 'value': emissions.value} order by emissions.value desc, emissions.sector)
        as sectors
from marts.fct_territory_emissions as emissions
semi join marts.mart_cop_diagnostic as shown
    on emissions.territory_level = shown.niveau and emissions.territory_code = shown.code_territoire
where
    emissions.in_total
    and emissions.value is not null
    and not emissions.is_incomplete_year
    and not emissions.is_anomalous
group by
    emissions.territory_level, emissions.territory_code, emissions.source, emissions.year, emissions.dataset_id
qualify row_number() over (
    partition by emissions.territory_level, emissions.territory_code, emissions.source order by emissions.year desc
) = 1
order by level, code, source
"""
# What would give the emissions of a level and is not loaded; a source that stops above the level is none. A source that
# has the name of a region in its own tells of that region alone.
MISSING_INVENTORIES = """
select
    coverage.territory_level as level, coverage.source, regions.territory_code as region_code, datasets.homepage
from marts.fct_emission_coverage as coverage
left join marts.dim_dataset as datasets using (dataset_id)
left join marts.dim_territory as regions
    on regions.territory_level = 'region' and contains(coverage.source, regions.name)
where not coverage.has_series and contains(coverage.reason, 'À charger')
order by coverage.territory_level, coverage.source
"""
# What a verdict of an old value leaves aside: a newer one of the lever in a series that it cannot be compared with.
NEWER = """
select verdicts.lever_id, verdicts.territory_level, verdicts.territory_code,
    max_by({
        'year': values.year, 'value': values.value, 'label': indicators.label_fr, 'unit': indicators.unit_label_fr
    }, (values.year, -links.priority, indicators.indicator_id)) as found
from marts.fct_lever_verdict as verdicts
inner join marts.dim_framework as frameworks using (framework_version)
inner join marts.bridge_lever_indicator as links on verdicts.lever_id = links.lever_id and links.role = 'measure'
left join marts.bridge_lever_indicator as judged
    on verdicts.lever_id = judged.lever_id and verdicts.indicator_id = judged.indicator_id
inner join marts.dim_indicator as indicators on links.indicator_id = indicators.indicator_id
inner join marts.fct_indicator_value as values
    on
        links.indicator_id = values.indicator_id
        and verdicts.territory_level = values.territory_level
        and verdicts.territory_code = values.territory_code
        and verdicts.latest_year < values.year
left join quality.fct_series_anomaly as anomalies
    on
        values.indicator_id = anomalies.indicator_id
        and values.territory_level = anomalies.territory_level
        and values.territory_code = anomalies.territory_code
        and values.year = anomalies.year
        and anomalies.is_impossible
where
    verdicts.is_shown
    and frameworks.is_target_version
    and verdicts.status <> 'not_judged'
    and verdicts.age > 2
    and verdicts.indicator_id is distinct from links.indicator_id
    and links.priority <= coalesce(judged.priority, links.priority)
    and values.value is not null
    and not values.is_incomplete_year
    and anomalies.indicator_id is null
group by all
"""
COMMUNES = """
select communes.name, communes.territory_code as code, communes.epci_code, communes.departement_code
from marts.dim_territory as communes
semi join marts.mart_cop_diagnostic as shown
    on communes.epci_code = shown.code_territoire and shown.niveau = 'epci'
where communes.territory_level = 'commune'
order by communes.territory_code
"""
CONTOURS = """
select
    territory_level, territory_code, territories.name, geometry, datasets.attribution,
    datasets.licence_label_fr as licence
from marts.dim_territory_contour as contours
inner join marts.dim_territory as territories using (territory_level, territory_code)
inner join marts.dim_dataset as datasets on contours.dataset_id = datasets.dataset_id
"""
DICTIONARY = """
with relations as (
    select schema_name, table_name as name, estimated_size as rows, comment from duckdb_tables()
    union all
    select schema_name, view_name, null, comment from duckdb_views() where not internal
),
tables as (
    select
        relations.schema_name,
        {'name': relations.name, 'rows': relations.rows, 'comment': relations.comment} as described,
        list({
            'name': columns.column_name, 'type': columns.data_type, 'comment': columns.comment
        } order by columns.column_index) as columns
    from relations
    inner join duckdb_columns() as columns
        on relations.schema_name = columns.schema_name and relations.name = columns.table_name
    group by all
)
select schema_name, list(described order by described.name) as tables, columns
from tables
group by schema_name, columns
order by schema_name, min(described.name)
"""
INDICATORS = """
select
    indicators.label_fr as label, indicators.indicator_id, indicators.unit_label_fr as unit, indicators.dataset_id,
    min(values.year) as first_year, max(values.year) as last_year,
    list(distinct values.territory_level) as levels
from marts.dim_indicator as indicators
inner join marts.fct_indicator_value as values using (indicator_id)
where values.value is not null
group by indicators.label_fr, indicators.indicator_id, indicators.unit_label_fr, indicators.dataset_id
order by indicators.label_fr, indicators.indicator_id
"""
PUBLICATIONS = """
from marts.fct_publication
order by published_at desc
"""
CHANGES = """
select
    indicators.label_fr as label, datasets.attribution, changes.values_added, changes.values_restated,
    changes.values_withdrawn, changes.largest_restatement_pct, changes.first_year, changes.last_year,
    changes.has_new_files
from marts.fct_change as changes
inner join marts.dim_indicator as indicators using (indicator_id)
inner join marts.dim_dataset as datasets on changes.dataset_id = datasets.dataset_id
where changes.publication_id = (select max_by(publication_id, published_at) from marts.fct_publication)
order by
    changes.values_added + changes.values_restated + changes.values_withdrawn desc,
    indicators.label_fr, datasets.dataset_id
"""
CHECKS = """
select guard, status, severity, count(*) as checks
from quality.fct_check_result
group by all
order by guard, status, severity
"""
FINDINGS = """
select subject, message_fr
from quality.fct_check_result
where status <> 'passed'
order by severity, guard, subject, column_name, check_name, message
"""
ANOMALIES = """
select
    anomalies.territory_level as level, anomalies.territory_code as code, territories.name,
    indicators.label_fr as indicator, anomalies.year, anomalies.value, indicators.unit_label_fr as unit,
    anomalies.is_impossible,
    anomalies.reason
    || if(regexp_matches(anomalies.reason, '\\d'), coalesce(' Nombres en ' || indicators.unit_label_fr || '.', ''), '')
        as reason
from quality.fct_series_anomaly as anomalies
inner join marts.dim_territory as territories using (territory_level, territory_code)
inner join marts.dim_indicator as indicators using (indicator_id)
where territories.is_in_scope
order by anomalies.is_impossible desc, territories.name, indicators.label_fr, anomalies.year, anomalies.reason
"""
CORRECTIONS = """
select
    corrections.dataset_id, coalesce(indicators.label_fr, corrections.source_key) as subject,
    territories.name as territory, corrections.year_from, corrections.year_to,
    corrections.received, corrections.corrected, corrections.kind, corrections.factor, corrections.reason,
    corrections.decided_on, corrections.reported_to_producer
from quality.fct_correction as corrections
left join marts.dim_indicator as indicators using (indicator_id)
left join marts.dim_territory as territories using (territory_level, territory_code)
order by corrections.correction_id
"""
BREAKS = """
select indicators.label_fr as indicator, breaks.break_year as year, breaks.reason
from quality.fct_series_break as breaks
inner join marts.dim_indicator as indicators using (indicator_id)
order by indicators.label_fr, breaks.break_year
"""
PARTIAL_YEARS = """
select
    fct_partial_year.dataset_id,
    year,
    string_agg(distinct label_fr, ', ' order by label_fr) as indicators,
    min(reason) as reason
from quality.fct_partial_year
inner join marts.dim_indicator using (indicator_id)
where is_incomplete
group by all
order by dataset_id, year
"""
QUARANTINE = """
select
    dataset_id, reason_label_fr as reason, sum(row_count)::bigint as row_count, min(value) as example
from quality.fct_quarantined_row
group by all
order by row_count desc, dataset_id, reason
"""


@dataclass(frozen=True)
class Territory:
    """A territory that has a page."""

    level: str
    code: str
    name: str
    region_code: str | None
    departement_code: str | None
    population: int | None
    population_year: int | None
    area_km2: float | None = None

    @property
    def slug(self) -> str:
        """The name of its files."""
        return f"{self.level}-{self.code}"

    def distance_to(self, other: Territory) -> float:
        """How unlike another it is in population and, where both areas are known, in density."""
        own, others = self.population or 1, other.population or 1
        apart = abs(math.log(own / others))
        if self.area_km2 and other.area_km2:
            apart += abs(math.log(own / self.area_km2 * other.area_km2 / others))
        return apart


@dataclass(frozen=True)
class Verdict:
    """How a series stands beside a trajectory: on what basis, how sure, how far, how fast."""

    basis: str = "none"
    status: str = NOT_JUDGED
    indicator: str | None = None
    unit: str | None = None
    dataset_id: str | None = None
    source: str | None = None
    source_is_verified: bool | None = None
    start_year: int | None = None
    start_value: float | None = None
    start_label_fr: str | None = None
    is_start_of_state: bool = False
    series_start_value: float | None = None  # what the series itself says of the start
    joint_with: str | None = None  # the levers whose demands the path counts too
    latest_year: int | None = None
    compared_value: float | None = None
    published_value: float | None = None
    target_year: int | None = None
    target_value: float | None = None
    path_value: float | None = None
    is_favourable: bool | None = None
    gap: float | None = None
    band: float | None = None  # the margin of the series, in its unit, where it is known
    margin: float | None = None  # the one that decides: the same, or what stands for it
    gap_ktco2e: float | None = None
    pace_observed: float | None = None
    pace_required: float | None = None
    year_met_at_pace: int | None = None
    covered_share_pct: float | None = None
    smoothing_years: int | None = None
    climate_correction: str | None = None
    confidence: str | None = None
    confidence_reasons: str | None = None
    reason: str | None = None
    missing_dataset: str | None = None
    missing_page: str | None = None
    missing_state: str | None = None  # of the reader that the catalogue has, or plans, of the missing dataset
    other_basis_disagrees: bool = False
    national: dict[str, Any] | None = None  # the target of the country, its strategy, and how it becomes a path here

    @property
    def is_judged(self) -> bool:
        """Whether there is a status to show."""
        return self.status != NOT_JUDGED

    @property
    def concludes(self) -> bool:
        """Whether the status says on which side of its path a series is; else it is only read beside it."""
        return self.is_judged and self.is_favourable is not None

    @property
    def multiplies(self) -> bool:
        """Whether the series is more than twice its start: no straight line tells when such a rise ends."""
        return abs(self.compared_value or 0) > JUMP * abs(self.start_value or 0)

    @property
    def is_adjusted(self) -> bool:
        """Whether another value than the published one is compared: corrected of the climate, or a mean of years."""
        if self.compared_value is None or self.published_value is None:
            return False
        return not math.isclose(self.compared_value, self.published_value, rel_tol=SAME)

    @property
    def path(self) -> TargetPath | None:
        """The way from the start to the target, where the series is judged by it."""
        if not self.is_judged:
            return None
        if self.start_year is None or self.start_value is None or self.target_year is None or self.target_value is None:
            return None
        start = self.target_value if self.is_met_from_start else self.start_value
        return TargetPath(self.start_year, start, self.target_year, self.target_value)

    @property
    def is_met_from_start(self) -> bool:
        """Whether the start already met the target: the path is then the target itself."""
        return (
            self.path_value is not None
            and self.path_value == self.target_value != self.start_value
            and self.latest_year is not None
            and self.target_year is not None
            and self.latest_year < self.target_year
        )

    @property
    def is_on_right_side(self) -> bool | None:
        """On which side of the path the value lies; unlike ``is_favourable``, also where it is within the margin."""
        if self.is_favourable is not None or not self.gap or self.start_value is None or self.target_value is None:
            return self.is_favourable
        return (self.gap > 0) == self.asks_for_more

    @property
    def asks_for_more(self) -> bool:
        """Whether the lever wants the series to rise."""
        return ((self.target_value or 0) > (self.start_value or 0)) != self.is_met_from_start


@dataclass(frozen=True)
class Move:
    """A series that measures a lever in a territory: its first year since its last break, and its two last ones."""

    lever_id: str
    label: str
    unit: str
    dataset_id: str
    first: Point
    previous: Point
    last: Point
    newest_year: int  # of the series of the lever that have its unit
    snapshot_id: str | None = None
    is_raw: bool = False  # neither the climate nor stocks are taken out of it
    yearly: Sequence[float] = ()  # its values, since its first year

    @property
    def is_latest(self) -> bool:
        """Whether no series of the lever in its unit goes on after it."""
        return self.last.year >= self.newest_year

    @property
    def is_doubtful(self) -> bool:
        """Whether a value is not certain, or jumps."""
        return self.jumps or not (self.previous.is_sure and self.last.is_sure)

    @property
    def jumps(self) -> bool:
        """Whether the last value is more than twice or less than half of the one before."""
        low, high = sorted((self.previous.value or 0, self.last.value or 0), key=abs)
        return low * high < 0 or abs(high) > JUMP * abs(low)

    @property
    def change(self) -> float:
        """From the last year but one to the last."""
        return (self.last.value or 0) - (self.previous.value or 0)

    @property
    def change_since_first(self) -> float:
        """From the first year to the last."""
        return (self.last.value or 0) - (self.first.value or 0)

    @property
    def swing(self) -> tuple[float, float] | None:
        """The smallest and the largest of its values, where it went up and down and so did not move one way."""
        steps = [after - before for before, after in pairwise(self.yearly)]
        one_way = all(step >= 0 for step in steps) or all(step <= 0 for step in steps)
        return None if one_way else (min(self.yearly), max(self.yearly))

    @property
    def largest(self) -> float:
        """The largest of its values, which gives all of them their scale."""
        return max(abs(point.value or 0) for point in (self.first, self.previous, self.last))


@dataclass(frozen=True)
class Series:
    """The values of an indicator in a territory, where they come from, and what a line says of the last.

    A composed series is made here of several others. A break is a year, the first of the new series, and its reason.
    """

    points: tuple[Point, ...] = ()
    dataset_ids: tuple[str, ...] = ()
    snapshot_ids: tuple[str, ...] = ()
    latest: dict[str, Any] = field(default_factory=dict)
    breaks: tuple[dict[str, Any], ...] = ()
    is_rate: bool = False
    is_composed: bool = False

    @property
    def dataset_id(self) -> str | None:
        """The first of the datasets, which a page links beside a value."""
        return next(iter(self.dataset_ids), None)

    @property
    def shown_breaks(self) -> list[dict[str, Any]]:
        """The breaks that lie between two known values."""
        known = [point.year for point in self.points if point.value is not None]
        return [found for found in self.breaks if known and known[0] < found["year"] <= known[-1]]


@dataclass(frozen=True)
class Line:
    """A lever in a territory: what is observed, how it stands, what is asked, shared out and committed."""

    level: str
    code: str
    lever_id: str
    lever: str
    theme: str
    indicator: str | None
    unit: str | None
    latest_year: int | None
    latest_value: float | None
    interval: float | None = None
    nature: str | None = None
    completeness: float | None = None
    is_provisional: bool | None = None
    absence: str | None = None
    source: str | None = None
    source_is_verified: bool | None = None
    target_ktco2e: float | None = None
    target: float | None = None
    target_unit: str | None = None
    target_kind: str | None = None
    share_ktco2e: float | None = None
    share_pct: float | None = None
    key_label: str | None = None
    key_year: int | None = None
    key_is_proxy: bool | None = None
    key_reason: str | None = None
    regional_ktco2e: float | None = None
    share_change: float | None = None
    share_rate: float | None = None
    share_unit: str | None = None
    key_id: str | None = None
    key_dataset_ids: list[str] | None = None
    target_dataset_id: str | None = None
    regional_kind: str | None = None
    is_shown_by_state: bool = True  # whether the tool of the State shows the target of the region
    region_code: str | None = None
    region: str | None = None  # of which the target is shared out
    remark: str | None = None
    verdict: Verdict = Verdict()
    series: Series = Series()
    is_quantified: bool = True
    newer: dict[str, Any] | None = None  # a later value, of another series than the judged one
    doubts: tuple[dict[str, Any], ...] = ()  # the anomalies found in the series
    keys: tuple[dict[str, Any], ...] = ()  # the share by each key of the range, the one that is kept first
    commitments: tuple[dict[str, Any], ...] = ()  # what the territory has committed to, by horizon

    @property
    def weight(self) -> float:
        """What is asked of the territory, in ktCO2e: its target, or its indicative share."""
        return self.asked or 0.0

    @property
    def asked(self) -> float | None:
        """The same, unless it is not known: a share of nought is known."""
        return self.target_ktco2e if self.target_ktco2e is not None else self.share_ktco2e

    @property
    def share_range(self) -> tuple[float, float] | None:
        """The smallest and the largest share, where several keys give one."""
        shares = [key["share"] for key in self.keys]
        return (min(shares), max(shares)) if shares else None

    @property
    def asked_by(self) -> str | None:
        """The dataset behind what is asked: that of the target or, of a share, that of its key."""
        if self.target_ktco2e is not None:
            return self.target_dataset_id
        return next(iter(self.key_sources), None)

    @property
    def key_sources(self) -> list[str]:
        """The datasets of its key: what spreads one below the departement, where it is measured, is not used there."""
        found = self.key_dataset_ids or []
        return found[:1] if self.level == "departement" and "__" in (self.key_id or "") else found

    @property
    def setback(self) -> tuple[Point, Point] | None:
        """The largest step of the series since its start against the way that it went in all, where it is judged as is.

        A break is no step. Nothing where no step goes against it: a mean of years and a value corrected of the climate
        hide their steps.
        """
        verdict = self.verdict
        if not verdict.is_judged or verdict.is_adjusted or verdict.start_year is None or verdict.start_value is None:
            return None
        last = verdict.latest_year or 0  # a later year is not whole
        known = [point for point in self.series.points if point.value and verdict.start_year <= point.year <= last]
        broken = [found["year"] for found in self.series.shown_breaks]
        sign = math.copysign(1, (verdict.compared_value or 0) - verdict.start_value)
        steps = [
            (a, b)
            for a, b in pairwise(known)
            if sign * ((b.value or 0) - (a.value or 0)) < 0 and not any(a.year < year <= b.year for year in broken)
        ]
        return max(steps, key=lambda step: abs((step[1].value or 0) / (step[0].value or 1) - 1), default=None)

    @property
    def is_of_sites(self) -> bool:
        """Whether the share spreads by another key what a few sites emit: where there is none, it says nothing."""
        measured, _, spread_by = (self.key_id or "").partition("__")
        return bool(spread_by) and measured in SITE_KEYS

    @property
    def largest(self) -> float:
        """The largest amount of its card, which gives all of them their scale."""
        verdict = self.verdict
        values = (self.latest_value, verdict.start_value, verdict.target_value, verdict.compared_value)
        return max((abs(value) for value in values if value is not None), default=0.0)

    @property
    def is_sure(self) -> bool:
        """Whether the latest value is observed and complete, and nothing is doubtful in it."""
        sure = any(point.is_sure for point in self.series.points if point.year == self.latest_year)
        return sure and self.latest_doubt is None

    @property
    def is_partial(self) -> bool:
        """Whether a part of the latest value is known not to be in it."""
        return self.completeness is not None and self.completeness < COMPLETE

    @property
    def latest_doubt(self) -> str | None:
        """What is doubtful in the latest value."""
        return next((found["reason"] for found in self.doubts if found["year"] == self.latest_year), None)


@dataclass(frozen=True)
class Measure:
    """The latest value of a series that compares with that of the neighbours."""

    label: str
    unit: str
    is_rate: bool
    is_of_land: bool
    year: int
    value: float
    completeness: float | None
    dataset_id: str
    snapshot_id: str

    @property
    def is_partial(self) -> bool:
        """Whether a part is known not to be in it: of a sum, it is then the least."""
        return self.completeness is not None and self.completeness < COMPLETE

    @property
    def per(self) -> str:
        """What the value is brought to, to compare whatever the size: a rate compares as it is, a total never does."""
        return "" if self.is_rate else " pour 100\u00a0ha" if self.is_of_land else " pour 1\u202f000\u00a0habitants"

    def compared(self, territory: Territory) -> float | None:
        """The value that compares, in the unit of the series for what ``per`` says."""
        if self.is_rate:
            return self.value
        if self.is_of_land:
            return self.value / territory.area_km2 if territory.area_km2 else None
        return 1000 * self.value / territory.population if territory.population else None


@dataclass(frozen=True)
class Inventory:
    """The emissions of a territory in the latest year of a source, by sector."""

    source: str
    year: int
    dataset_id: str
    snapshot_id: str | None
    unit: str
    gases: str
    scope: str
    total: float
    sectors: list[dict[str, Any]]

    @property
    def is_whole(self) -> bool:
        """Whether it tells of all sectors, and not of some sites alone."""
        return len(self.sectors) > 1


@dataclass(frozen=True)
class Chantier:
    """One of the 22 chantiers, with the quantified levers that are tied to it."""

    chantier_id: str
    name: str
    theme: str
    theme_order: int
    lever_ids: tuple[str, ...]
    is_confirmed: bool | None


@dataclass(frozen=True)
class Content:
    """All that the pages say."""

    refreshed_at: datetime
    territories: tuple[Territory, ...]
    other_regions: tuple[Territory, ...]  # without a page
    lines: dict[tuple[str, str], tuple[Line, ...]]
    chantiers: tuple[Chantier, ...]
    progress: dict[tuple[str, str, str], dict[str, Any]]  # by level, code and chantier, or ALL_LEVERS
    datasets: dict[str, dict[str, Any]]
    planned: dict[str, dict[str, Any]]  # datasets that are described and not loaded
    plans: dict[str, list[dict[str, Any]]] | None  # climate plans by the EPCI that carries them, where they are loaded
    plans_page: str  # where the climate plans of the EPCI are published
    regional_documents: tuple[dict[str, Any], ...]  # those of all regions come last
    regional_figures: dict[str, list[dict[str, Any]]]  # what a Region has set for itself and observed, by region
    obligations: dict[tuple[str, str], list[dict[str, Any]]]  # what the law asks, by level and code
    communes: tuple[tuple[str, str, str, str], ...]
    similar: dict[str, list[str]]  # EPCI, the nearest first
    adjacent: dict[str, list[str]]  # EPCI that share a border
    measures: dict[tuple[str, str], dict[str, Measure]]  # by level and code, then by indicator
    lever_measures: dict[str, list[str]]  # the indicators that measure a lever, the nearest to it first
    inventories: dict[tuple[str, str], list[Inventory]]  # by level and code
    missing_inventories: dict[str, list[dict[str, Any]]]  # by level
    moves: dict[tuple[str, str], list[Move]]  # of every measure that has two years, by level and code
    history: dict[tuple[str, str], list[dict[str, Any]]]  # of the roadmap, by level and code
    closing: dict[str, list[dict[str, Any]]]  # by region
    borders: dict[tuple[str, str, str], Border]  # by level, code and region
    departements: dict[str, list[tuple[str, float]]]  # of the EPCI of several, and the share of the inhabitants in each
    contours: dict[str, dict[str, tuple[str, str]]]
    contour_credits: frozenset[str]
    dictionary: list[dict[str, Any]] = field(repr=False)
    indicators: list[dict[str, Any]] = field(repr=False)
    publications: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    anomalies: list[dict[str, Any]]
    corrections: list[dict[str, Any]]
    breaks: list[dict[str, Any]]
    partial_years: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]

    @cached_property
    def levels(self) -> list[str]:
        """The levels of which territories have a page, the largest territories first."""
        return list(dict.fromkeys(territory.level for territory in self.territories))

    @property
    def holder(self) -> str:
        """Who answers for the publication, in words that follow a preposition."""
        return self.publications[0]["contact"] or "qui tient cette publication"

    @property
    def recent_from(self) -> int:
        """The first year of which a value is recent."""
        return self.refreshed_at.year - RECENT_YEARS

    @property
    def is_whole_country(self) -> bool:
        """Whether every region is published; of one, the EPCI beyond its border have no contour."""
        return bool(self.publications[0]["region"] == EVERY_REGION)

    @cached_property
    def by_slug(self) -> dict[tuple[str, str], Territory]:
        """Territories by level and code."""
        return {(t.level, t.code): t for t in self.territories}

    @cached_property
    def levers(self) -> dict[str, list[Line]]:
        """The lines of each lever, in the order of the themes."""
        found: dict[str, list[Line]] = defaultdict(list)
        for lines in self.lines.values():
            for line in lines:
                found[line.lever_id].append(line)
        return dict(
            sorted(found.items(), key=lambda item: (self.theme_order(item[1][0].theme), folded(item[1][0].lever)))
        )

    @cached_property
    def committed_to(self) -> dict[tuple[str, str], int]:
        """How many levers a territory that has a page has committed to, by level and code."""
        return {key: sum(bool(line.commitments) for line in lines) for key, lines in self.lines.items()}

    @cached_property
    def rates(self) -> dict[tuple[str, str, str | None], list[float]]:
        """The latest values of each rate, by level, lever and indicator: rates compare whatever the size."""
        found: dict[tuple[str, str, str | None], list[float]] = defaultdict(list)
        for lines in self.lines.values():
            for line in lines:
                if line.series.is_rate and line.latest_value is not None:
                    found[line.level, line.lever_id, line.indicator].append(line.latest_value)
        return found

    def inventory_of(self, territory: Territory) -> tuple[Territory, Inventory] | None:
        """The newest emissions that tell of all sectors, of the territory or of the nearest one above that has them."""
        for place in (territory, *self.parents(territory)):
            found = [one for one in self.inventories.get((place.level, place.code), ()) if one.is_whole]
            if found:
                return place, max(found, key=lambda one: one.year)
        return None

    def missing_inventories_of(self, territory: Territory) -> dict[str, str | None]:
        """Who has the emissions of a territory, and the page of that; one that is not known here goes by what it is."""
        own = territory.region_code or territory.code
        missing = self.missing_inventories.get(territory.level, [])
        found: dict[str, str | None] = {}
        for row in missing:
            if row["region_code"] in (None, own):
                found.setdefault(row["source"].partition(" (")[0], row["homepage"])
        regional = {row["region_code"] for row in missing if row["region_code"]}
        return found | {REGIONAL_INVENTORY: None} if regional and own not in regional else found

    def plans_of(self, territory: Territory) -> list[dict[str, Any]]:
        """The climate plans that a territory has deposited, the one whose file changed last first; an EPCI has some."""
        return (self.plans or {}).get(territory.code, []) if territory.level == "epci" else []

    def theme_order(self, theme: str) -> int:
        """The place of a theme among the six."""
        return next((c.theme_order for c in self.chantiers if c.theme == theme), 99)

    def lines_of(self, territory: Territory) -> tuple[Line, ...]:
        """The levers of a territory."""
        return self.lines[territory.level, territory.code]

    def asking_region(self, territory: Territory) -> tuple[str, str] | None:
        """The code and the name of the region whose targets a territory is shown with."""
        found = (line for line in self.lines_of(territory) if line.region_code and line.region)
        return next(((line.region_code or "", line.region or "") for line in found), None)

    def document_of(self, territory: Territory, kind: str) -> dict[str, Any] | None:
        """The page of a document of the region of a territory, or else the one that leads to those of all regions."""
        region = territory.region_code or territory.code
        found = (one for one in self.regional_documents if one["kind"] == kind)
        return next((one for one in found if one["region_code"] in (region, None)), None)

    def border_of(self, territory: Territory) -> Border | None:
        """What the shares of a territory count, where its communes lie in several regions."""
        asking = self.asking_region(territory)
        return self.borders.get((territory.level, territory.code, asking[0])) if asking else None

    def concluded_share(self, found: dict[str, Any]) -> float:
        """Of what a chantier asks for, the ratio that levers carry whose verdict concludes, as ``judged_share``."""
        levers = next(c.lever_ids for c in self.chantiers if c.chantier_id == found["chantier_id"])
        lines = [line for line in self.lines[found["level"], found["code"]] if line.lever_id in levers]
        whole = sum(line.weight for line in lines)
        return sum(line.weight for line in lines if line.verdict.concludes) / whole if whole else 0.0

    @cached_property
    def by_lever(self) -> dict[tuple[str, str, str], Line]:
        """Lines by level, code and lever."""
        return {(line.level, line.code, line.lever_id): line for lines in self.lines.values() for line in lines}

    def moves_of(self, line: Line) -> list[Move]:
        """The series of a line that have two years, the one that the line shows first."""
        found = [move for move in self.moves.get((line.level, line.code), ()) if move.lever_id == line.lever_id]
        return sorted(found, key=lambda move: move.label != line.indicator)

    def changes_of(self, territory: Territory) -> list[dict[str, Any]]:
        """What the last publication changed in the series that a territory shows."""
        labels = {line.indicator for line in self.lines_of(territory)}
        return [found for found in self.changes if found["label"] in labels]

    def headlines(self, territory: Territory) -> list[Line]:
        """The levers to see first: judged ones, then those with a recent value without doubt, by what is asked."""
        seen = [
            line
            for line in self.lines_of(territory)
            if line.latest_value and (line.latest_year or 0) >= self.recent_from and line.latest_doubt is None
        ]
        return sorted(seen, key=lambda line: (not line.verdict.is_judged, -line.weight, line.lever))[:HEADLINES]

    def parents(self, territory: Territory) -> list[Territory]:
        """The departement and the region of a territory, where they have a page."""
        above = [("departement", territory.departement_code), ("region", territory.region_code)]
        found = [self.by_slug[key] for key in above if key in self.by_slug]  # type: ignore[index]
        return [parent for parent in found if parent != territory]

    def children(self, territory: Territory) -> list[Territory]:
        """The departements of a region, the EPCI of a departement."""
        return [
            other
            for other in self.territories
            if (territory.level, other.level) in (("region", "departement"), ("departement", "epci"))
            and territory.code == (other.region_code if other.level == "departement" else other.departement_code)
        ]

    def adjacent_to(self, territory: Territory) -> list[Territory]:
        """The territories of a level that share a border with one, where there is more to say of them than a name."""
        if territory.level == "epci":
            return self._epci(self.adjacent.get(territory.code, ()))
        known = {(place.level, place.code): place for place in (*self.territories, *self.other_regions)}
        touching = (known.get((territory.level, code)) for code in self.touching(territory))
        return [place for place in touching if place]

    def touching(self, territory: Territory) -> dict[str, str]:
        """The codes and names of those of which the contour shares a stretch of border, two corners at least."""
        corners = self._corners.get(territory.level, {})
        own = corners.get(territory.code, frozenset())
        names = self.contours.get(territory.level, {})
        return {
            code: names[code][0]
            for code, others in sorted(corners.items())
            if code != territory.code and len(own & others) > 1
        }

    @cached_property
    def _corners(self) -> dict[str, dict[str, frozenset[str]]]:
        """The corners of the contours, but for those of the EPCI, of which the neighbours are known otherwise."""
        return {
            level: {code: frozenset(_CORNER.findall(geometry)) for code, (_, geometry) in found.items()}
            for level, found in self.contours.items()
            if level != "epci"
        }

    def _epci(self, codes: Iterable[str]) -> list[Territory]:
        return [self.by_slug["epci", code] for code in codes if ("epci", code) in self.by_slug]

    def nearest_to(self, territory: Territory) -> list[Territory]:
        """The EPCI that are nearest in type, size and density; elsewhere, the nearer half of those of the level."""
        if territory.level == "epci":
            return self._epci(self.similar.get(territory.code, ()))
        peers = self._peers(territory)
        return sorted(peers, key=lambda other: (territory.distance_to(other), other.code))[
            : min(NEIGHBOURS, math.ceil(len(peers) / 2))
        ]

    def likeness_of(self, territory: Territory) -> str:
        """What the nearest territories are near in, and among which."""
        if territory.level == "epci":
            region = self.by_slug.get(("region", self.publications[0]["region"]))
            among = f" parmi les seules intercommunalités présentes {in_region(region.name)}" if region else ""
            return f"les plus proches par le type, la taille et la densité{among}"
        peers = self._peers(territory)
        regions = {other.region_code for other in peers} if territory.level != "region" else set()
        region = self.by_slug.get(("region", territory.region_code or ""))
        if len(peers) == 1:
            return "le seul autre de cet échelon"
        among = f", tous {in_region(region.name)}" if region and regions == {territory.region_code} else ""
        return f"les plus proches par la population et la densité parmi les {len(peers)} autres{among}"

    def _peers(self, territory: Territory) -> list[Territory]:
        """The other territories of a level whose size is known, with or without a page."""
        places = (*self.territories, *self.other_regions) if territory.population else ()
        return [o for o in places if o.level == territory.level and o != territory and o.population]

    def spread_of(self, line: Line) -> str:
        """By what a share that a few sites carry is spread below the departement, where they are known no more."""
        if not line.is_of_sites or line.level in ("region", "departement"):
            return ""
        label = self.spread_label_of(line)
        return f"réparti selon « {label} »" if label else "réparti sans savoir où"

    def spread_label_of(self, line: Line) -> str | None:
        """By what a key that is known by departement is spread below it."""
        spread_by = (line.key_id or "").partition("__")[2]
        if line.level in ("region", "departement"):
            return None
        return next((found["label"] for found in self.indicators if found["indicator_id"] == spread_by), None)

    def regional_rate(self, line: Line) -> Measure | None:
        """The value of the region for the rate that a line shows, where that of the line is far from it."""
        territory = self.by_slug[line.level, line.code]
        above = self.measures.get(("region", territory.region_code or ""), {}).values()
        found = next((measure for measure in above if measure.label == line.indicator), None)
        if found is None or line.level == "region" or not found.is_rate or line.latest_value is None:
            return None
        low, high = sorted((abs(line.latest_value), abs(found.value)))
        return found if high > JUMP * low else None


def read_content(published: Path) -> Content:
    """Reads the published file."""
    with duckdb.connect(str(published), read_only=True) as connection:

        def rows(query: str) -> list[dict[str, Any]]:
            result = connection.execute(query)
            names = [column[0] for column in result.description or ()]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

        series = {
            (row["lever_id"], row["territory_level"], row["territory_code"], row["indicator"]): Series(
                points=tuple(Point(**point) for point in row["points"]),
                dataset_ids=tuple(row["dataset_ids"]),
                snapshot_ids=tuple(row["snapshot_ids"]),
                latest=row["latest"] or {},
                breaks=tuple(row["breaks"] or ()),
                is_rate=row["is_rate"],
            )
            for row in rows(SERIES)
        }
        verdicts = {
            (row.pop("lever_id"), row.pop("territory_level"), row.pop("territory_code")): Verdict(**row)
            for row in rows(VERDICTS)
        }
        datasets = {row["dataset_id"]: row for row in rows(DATASETS)}
        composed = {
            (row["lever_id"], row["territory_level"], row["territory_code"]): Series(
                points=tuple(Point(**point) for point in row["points"]),
                dataset_ids=tuple(name for name in row["dataset_ids"] if name in datasets),
                is_composed=True,
            )
            for row in rows(COMPOSED)
        }
        keys = {(row["lever_id"], row["level"], row["code"]): tuple(row["found"]) for row in rows(KEYS)}
        commitments = {(row["lever_id"], row["level"], row["code"]): tuple(row["found"]) for row in rows(COMMITMENTS)}
        newer = {(row["lever_id"], row["territory_level"], row["territory_code"]): row["found"] for row in rows(NEWER)}
        anomalies = rows(ANOMALIES)
        doubts: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        for found in anomalies:
            doubts[found["level"], found["code"], found["indicator"]].append(found)
        lines: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for row in rows(LINES):
            key = (row["lever_id"], row["level"], row["code"])
            verdict = verdicts.get(key, Verdict())
            shown = series.get((*key, verdict.indicator if verdict.is_judged else row["indicator"]), Series())
            if verdict.is_judged:  # the series that judges is the one to show
                if not shown.points:
                    shown = composed.get(key, shown)
                row |= _judged(row, verdict, shown)
            line = Line(
                **row,
                verdict=verdict,
                series=shown,
                newer=newer.get(key),
                keys=keys.get(key, ()),
                commitments=commitments.get(key, ()),
                doubts=tuple(doubts.get((row["level"], row["code"], row["indicator"]), ())),
            )
            lines[line.level, line.code].append(line)
        for row in rows(OTHER_LINES):
            key = (row["lever_id"], row["level"], row["code"])
            shown = series.get((*key, row["indicator"]), Series())
            if shown.latest.get("latest_year") == row["latest_year"]:
                row |= shown.latest
            lines[row["level"], row["code"]].append(
                Line(
                    **row,
                    verdict=verdicts[key],
                    series=shown,
                    is_quantified=False,
                    newer=newer.get(key),
                    commitments=commitments.get(key, ()),
                    doubts=tuple(doubts.get((row["level"], row["code"], row["indicator"]), ())),
                )
            )
        moves: dict[tuple[str, str], list[Move]] = defaultdict(list)
        for row in rows(MOVES):
            row |= {name: Point(**row[name]) for name in ("first", "previous", "last")}
            moves[row.pop("level"), row.pop("code")].append(Move(**row))
        measures: dict[tuple[str, str], dict[str, Measure]] = defaultdict(dict)
        for row in rows(MEASURES):
            measures[row["level"], row["code"]][row["indicator_id"]] = Measure(
                row["label"], row["unit"], row["is_rate"], row["is_of_land"], **row["latest"]
            )
        inventories: dict[tuple[str, str], list[Inventory]] = defaultdict(list)
        for row in rows(EMISSIONS):
            inventories[row.pop("level"), row.pop("code")].append(Inventory(**row))
        contours: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        contour_credits = set()
        for row in rows(CONTOURS):
            contour_credits.add(f"{row['attribution']}, {row['licence']}")
            contours[row["territory_level"]][row["territory_code"]] = (row["name"], row["geometry"])
        return Content(
            refreshed_at=rows("select max(checked_at) as at from quality.fct_check_result")[0]["at"],
            territories=tuple(Territory(**row) for row in rows(TERRITORIES)),
            other_regions=tuple(Territory(**row) for row in rows(OTHER_REGIONS)),
            lines={key: tuple(found) for key, found in lines.items()},
            chantiers=tuple(Chantier(**row | {"lever_ids": tuple(row["lever_ids"] or ())}) for row in rows(CHANTIERS)),
            progress={(row["level"], row["code"], row["chantier_id"]): row for row in rows(PROGRESS)},
            datasets=datasets,
            planned={row["dataset_id"]: row for row in rows(PLANNED)},
            plans=_grouped(rows(PLANS), "epci_code") if CLIMATE_PLANS in datasets else None,
            plans_page=rows(PLANS_PAGE)[0]["homepage"],
            regional_documents=tuple(rows(REGIONAL_DOCUMENTS)),
            regional_figures=_grouped(rows(REGIONAL_FIGURES), "region_code"),
            obligations=_grouped(rows(OBLIGATIONS), "level", "code"),
            similar={row["epci_code"]: row["others"] for row in rows(SIMILAR)},
            adjacent={row["epci_code"]: row["others"] for row in rows(ADJACENT)},
            measures=dict(measures),
            lever_measures={row["lever_id"]: row["found"] for row in rows(LEVER_MEASURES)},
            inventories=dict(inventories),
            missing_inventories=_grouped(rows(MISSING_INVENTORIES), "level"),
            moves=dict(moves),
            history=_grouped(rows(HISTORY), "level", "code"),
            closing=_grouped(rows(CLOSING), "region_code"),
            communes=tuple((r["name"], r["code"], r["epci_code"], r["departement_code"]) for r in rows(COMMUNES)),
            borders={(found.level, found.code, found.region_code): found for found in read_borders(connection)},
            departements=read_departements(connection),
            contours=dict(contours),
            contour_credits=frozenset(contour_credits),
            dictionary=rows(DICTIONARY),
            indicators=rows(INDICATORS),
            publications=rows(PUBLICATIONS),
            changes=rows(CHANGES),
            checks=rows(CHECKS),
            findings=rows(FINDINGS),
            anomalies=anomalies,
            corrections=rows(CORRECTIONS),
            breaks=rows(BREAKS),
            partial_years=rows(PARTIAL_YEARS),
            quarantine=rows(QUARANTINE),
        )


def _grouped(rows: Iterable[dict[str, Any]], *names: str) -> dict[Any, list[dict[str, Any]]]:
    """Rows by the values of some columns, one or a tuple of several."""
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        key = tuple(row[name] for name in names)
        found[key if len(names) > 1 else key[0]].append(row)
    return dict(found)


def _judged(row: dict[str, Any], verdict: Verdict, shown: Series) -> dict[str, Any]:
    """What a line says of its latest value when a verdict chooses the series and the year."""
    if (row["indicator"], row["latest_year"]) == (verdict.indicator, verdict.latest_year):
        return {"latest_value": verdict.published_value}
    facts = dict.fromkeys(("nature", "completeness", "is_provisional", "interval"))
    if shown.latest.get("latest_year") == verdict.latest_year:
        facts |= shown.latest
    return facts | {
        "indicator": verdict.indicator,
        "unit": verdict.unit,
        "latest_year": verdict.latest_year,
        "latest_value": verdict.published_value,
        "source": verdict.source,
        "source_is_verified": verdict.source_is_verified,
    }


def by_weight(lines: Iterable[Line]) -> list[Line]:
    """Lines in the order of what is asked, the most first."""
    return sorted(lines, key=lambda line: -line.weight)


def by_theme(lines: Iterable[Line], order: Sequence[str]) -> list[tuple[str, list[Line]]]:
    """Lines in groups, in the order of the themes, each by weight."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.theme].append(line)
    return [
        (theme, sorted(groups[theme], key=lambda line: (-line.weight, line.lever)))
        for theme in order
        if theme in groups
    ]

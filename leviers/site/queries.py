"""The queries that the pages are made from, on the published file alone."""

from __future__ import annotations

from leviers.site.maps import SMALLEST_KNOWN_SHARE

CLIMATE_PLANS = "ademe_pcaet"
COMPARED_MEASURES = (
    "capacity_renewable",
    "charging_points_ppg",
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
    diagnostic.unite as unit,
    diagnostic.annee as latest_year,
    diagnostic.valeur as latest_value,
    cop.demi_intervalle as interval,
    diagnostic.nature_valeur as nature,
    diagnostic.completude_pct as completeness,
    diagnostic.est_provisoire as is_provisional,
    diagnostic.motif_absence as absence,
    diagnostic.source,
    datasets.verified as source_is_verified,
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
    regions.code_territoire as region_code,
    regions.territoire as region,
    diagnostic.remarque as remark
from vues.cop_diagnostic as diagnostic
inner join vues.dim_territoire as territories using (territoire_id)
inner join vues.dim_territoire as regions on diagnostic.region_id = regions.territoire_id
left join marts.dim_indicator as indicators on diagnostic.indicateur_id = indicators.indicator_id
left join marts.dim_dataset as datasets using (dataset_id)
left join marts.mart_cop_diagnostic as cop
    on
        diagnostic.levier_id = cop.levier_id
        and diagnostic.niveau = cop.niveau
        and diagnostic.code_territoire = cop.code_territoire
        and regions.code_territoire = cop.code_region
        and diagnostic.indicateur = cop.indicateur
        and diagnostic.annee = cop.derniere_annee
left join marts.mart_cop_objectives as objectives
    on
        diagnostic.levier_id = objectives.levier_id
        and diagnostic.niveau = objectives.niveau
        and diagnostic.code_territoire = objectives.code_territoire
        and regions.code_territoire = objectives.code_region
left join marts.mart_cop_allocation as allocation
    on
        diagnostic.levier_id = allocation.levier_id
        and diagnostic.niveau = allocation.niveau
        and diagnostic.code_territoire = allocation.code_territoire
        and regions.code_territoire = allocation.code_region
left join marts.mart_cop_objectives as regional
    on
        diagnostic.levier_id = regional.levier_id
        and regional.niveau = 'region'
        and regions.code_territoire = regional.code_territoire
qualify row_number() over (
    partition by diagnostic.levier_id, diagnostic.territoire_id
    order by diagnostic.region_id = territories.region_id desc, diagnostic.region_id
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
    frameworks.is_target_version
    and not levers.is_quantified
    and verdicts.latest_published_value is not null
    and (verdicts.is_shown or verdicts.judges <> 'lever')
qualify row_number() over (
    partition by verdicts.lever_id, verdicts.territory_level, verdicts.territory_code
    order by verdicts.is_shown desc, verdicts.latest_year desc, verdicts.indicator_id
) = 1
order by all
"""
# The reading of each lever, with what its card says beside it.
VERDICTS = """
select
    readings.levier_id as lever_id,
    readings.niveau as territory_level,
    readings.code_territoire as territory_code,
    readings.lecture as reading,
    readings.lecture_libelle as reading_label,
    readings.tendance as lean,
    readings.tendance_libelle as lean_label,
    readings.base as basis,
    readings.base_libelle as basis_label,
    readings.indicateur as indicator,
    readings.unite as unit,
    readings.raison as reason,
    readings.confiance as confidence,
    readings.annee as latest_year,
    readings.valeur as compared_value,
    readings.valeur_publiee as published_value,
    readings.valeur_attendue as path_value,
    readings.valeur_visee as target_value,
    readings.ecart as gap,
    readings.incertitude as uncertainty,
    readings.ecart_ktco2e as gap_ktco2e,
    readings.part_attendue is null as is_met_from_start,
    verdicts.start_year,
    verdicts.start_value,
    verdicts.start_label_fr,
    verdicts.start_origin = 'state' as is_start_of_state,
    verdicts.series_start_value,
    verdicts.joint_with,
    verdicts.target_year,
    verdicts.pace_observed,
    verdicts.pace_required,
    verdicts.smoothing_years,
    verdicts.climate_correction,
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
from vues.fait_lecture as readings
inner join marts.fct_lever_verdict as verdicts
    on
        readings.levier_id = verdicts.lever_id
        and readings.niveau = verdicts.territory_level
        and readings.code_territoire = verdicts.territory_code
        and verdicts.is_shown
inner join marts.dim_framework as frameworks using (framework_version)
left join marts.dim_dataset as lacking on verdicts.missing_dataset_id = lacking.dataset_id
left join marts.bridge_verdict_national_target as national using (lever_id, indicator_id, basis)
where frameworks.is_target_version
"""
# Why a reading has its grade, what weighs most first.
DOUBTS = """
select
    levier_id as lever_id,
    niveau as territory_level,
    code_territoire as territory_code,
    list(doute order by poids desc, part_de_l_ecart desc nulls last, doute_code) as found
from vues.fait_doute
where est_affiche and poids is not null
group by all
"""
LABELS = "select domain, code, label_fr from marts.dim_label"
# What is composed for a verdict has its values there alone.
COMPOSED = """
select
    verdicts.lever_id,
    verdicts.territory_level,
    verdicts.territory_code,
    list_prepend(
        max_by(values.dataset_id, values.year), list(distinct values.dataset_id order by values.dataset_id)
    ) as dataset_ids,
    [] as snapshot_ids,
    list({
        'year': values.year,
        'value': values.published_value,
        'is_sure': coalesce(values.completeness_pct >= 100, false) and values.left_out_because is null
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
    select
        levier_id as lever_id,
        niveau as territory_level,
        code_territoire as territory_code,
        indicateur_id as indicator_id
    from vues.cop_diagnostic
    where indicateur_id is not null
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
    list_prepend(
        max_by(values.dataset_id, values.year)
            filter (where values.value is not null and not values.is_incomplete_year),
        list(distinct values.dataset_id order by values.dataset_id)
    ) as dataset_ids,
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
    unit_label_fr as unit, source, lever_id, confidence_label_fr as confidence,
    confidence = 'confirmed' as is_confirmed, kind = 'target' as is_target, metric = 'ghg' as is_of_emissions
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
    coalesce(list_contains(string_split(obligations.except_region_codes, ' '), territories.region_code), false)
        as is_excepted,
    case
        when is_excepted then false
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
of_indicators as (
    select
        links.lever_id, values.territory_level as level, values.territory_code as code, links.indicator_id,
        values.dataset_id, values.snapshot_id, links.is_raw, values.year, values.value,
        values.value_status in ('observed', 'aggregated') and values.completeness_pct >= 100
            and not values.is_provisional as is_sure
    from marts.bridge_lever_indicator as links
    inner join marts.fct_indicator_value as values using (indicator_id)
    left join breaks using (indicator_id)
    where
        links.role = 'measure'
        and values.value is not null
        and not values.is_incomplete_year
        and not values.is_anomalous
        and values.compares_with_latest
        and values.year >= coalesce(breaks.last_break, values.year)
),
-- What measures a lever, and the series that the project composes to judge one, as sure as the values that it takes on.
measured as (
    select * from of_indicators
    union all
    select
        values.lever_id, values.territory_level as level, values.territory_code as code, values.indicator_id,
        values.dataset_id, null as snapshot_id, false as is_raw, values.year, values.published_value as value,
        values.completeness_pct >= 100 and coalesce(of_indicators.is_sure, true) as is_sure
    from marts.fct_verdict_value as values
    left join of_indicators
        on
            values.lever_id = of_indicators.lever_id
            and values.territory_level = of_indicators.level
            and values.territory_code = of_indicators.code
            and values.year = of_indicators.year
            and values.published_value = of_indicators.value
    semi join marts.fct_lever_verdict as verdicts
        on
            values.lever_id = verdicts.lever_id
            and values.indicator_id = verdicts.indicator_id
            and values.basis = verdicts.basis
            and values.territory_level = verdicts.territory_level
            and values.territory_code = verdicts.territory_code
            and verdicts.is_shown
    anti join marts.fct_indicator_value as published on values.indicator_id = published.indicator_id
    where values.published_value is not null and values.left_out_because is null and values.compares_with_latest
    qualify row_number() over (
        partition by
            values.lever_id, values.indicator_id, values.territory_level, values.territory_code, values.year
        order by is_sure
    ) = 1
),
known as (
    select
        lever_id, level, code, indicator_id,
        max_by(dataset_id, year) as dataset_id,
        max_by(snapshot_id, year) as snapshot_id,
        bool_or(is_raw) as is_raw,
        list(value order by year) as yearly,
        list(year order by year) as years,
        list({'year': year, 'value': value, 'is_sure': is_sure} order by year) as points,
        yearly[-1] / nullif(yearly[-2], 0) - 1 as relative
    from measured
    semi join marts.mart_cop_diagnostic as shown
        on measured.level = shown.niveau and measured.code = shown.code_territoire
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
    known.yearly, known.years,
    known.points[1] as first, known.points[-2] as previous, known.points[-1] as last,
    coalesce(newest.year, known.points[-1].year) as newest_year,
    {
        'count': count(known.relative) over others, 'low': min(known.relative) over others,
        'high': max(known.relative) over others
    } as others
from known
inner join marts.dim_indicator as indicators using (indicator_id)
left join newest
    on
        known.lever_id = newest.lever_id
        and known.level = newest.level
        and known.code = newest.code
        and indicators.unit_label_fr is not distinct from newest.unit
window others as (
    partition by known.lever_id, known.indicator_id, known.level, known.points[-2].year, known.points[-1].year
    rows between unbounded preceding and unbounded following exclude current row
)
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
    and values.completeness_pct >= {100 * SMALLEST_KNOWN_SHARE}
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
# The newest of the years in which an inventory has most sectors. Two sources neither add up nor compare.
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
    partition by emissions.territory_level, emissions.territory_code, emissions.source
    order by count(*) desc, emissions.year desc
) = 1
order by level, code, source
"""
# What the sectors of a regional inventory may come to below the region, by the keys that are loaded there; two keys of
# one share are one. Of two inventories of a region, the newest.
EMISSION_ESTIMATES = """
with distinct_shares as (
    select *
    from marts.fct_emission_estimate as estimates
    semi join marts.mart_cop_diagnostic as shown
        on estimates.territory_level = shown.niveau and estimates.territory_code = shown.code_territoire
    where estimates.value > 0
    qualify row_number() over (
        partition by territory_level, territory_code, region_code, source, sector, round(key_share, 6) order by key_id
    ) = 1
)
select
    territory_level as level, territory_code as code, region_code, sector, source, year,
    any_value(region_value) as region_value,
    list({
        'label': key_label_fr, 'reason': key_reason_fr, 'share': key_share, 'value': value, 'year': key_year,
        'source': key_source
    } order by value desc, key_id) as keys
from distinct_shares
group by territory_level, territory_code, region_code, sector, source, year
qualify dense_rank() over (partition by territory_level, territory_code, region_code order by year desc, source) = 1
order by level, code, region_code, max(value) + min(value) desc, sector
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
    and verdicts.reading <> 'not_judged'
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

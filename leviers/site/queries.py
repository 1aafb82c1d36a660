"""The queries that the pages are made from, on the published file alone."""

from __future__ import annotations

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
    territory_level as level, territory_code as code, name, region_code, departement_code, population, population_year
from marts.dim_territory
where (territory_level, territory_code) in (select (niveau, code_territoire) from vues.cop_diagnostic)
order by
    list_position(['region', 'departement', 'epci'], territory_level) nulls last, territory_level, territory_code
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
    observed.half_interval as interval,
    diagnostic.nature_valeur as nature,
    diagnostic.completude_pct as completeness,
    diagnostic.est_provisoire as is_provisional,
    diagnostic.motif_absence as absence,
    diagnostic.source,
    datasets.verified as source_is_verified,
    case when diagnostic.niveau = 'region' then objectives.cible_ktco2e end as target_ktco2e,
    objectives.cible as target,
    parts.physical_unit_label_fr as target_unit,
    objectives.nature_cible as target_kind,
    parts.part_ktco2e as share_ktco2e,
    100 * parts.key_share as share_pct,
    allocation_keys.indicateur as key_label,
    parts.key_year,
    parts.is_proxy as key_is_proxy,
    parts.proxy_reason as key_reason,
    parts.region_target_ktco2e as regional_ktco2e,
    parts.physical_change as share_change,
    parts.intensive_value as share_rate,
    parts.physical_unit_label_fr as share_unit,
    parts.key_id,
    string_split(kept.key_source, ' + ') as key_dataset_ids,
    split_part(targets.source, ':', 1) as target_dataset_id,
    regional.nature_cible as regional_kind,
    coalesce(regional.est_affichee_par_l_etat, true) as is_shown_by_state,
    regions.code_territoire as region_code,
    regions.territoire as region,
    diagnostic.remarque as remark
from vues.cop_diagnostic as diagnostic
inner join vues.dim_territoire as territories using (territoire_id)
inner join vues.dim_territoire as regions on diagnostic.region_id = regions.territoire_id
inner join marts.fct_lever_part as parts
    on
        diagnostic.levier_id = parts.lever_id
        and diagnostic.niveau = parts.territory_level
        and diagnostic.code_territoire = parts.territory_code
        and regions.code_territoire = parts.region_code
inner join vues.cop_objectifs as objectives
    on
        diagnostic.levier_id = objectives.levier_id
        and diagnostic.territoire_id = objectives.territoire_id
        and diagnostic.region_id = objectives.region_id
inner join vues.cop_objectifs as regional
    on
        diagnostic.levier_id = regional.levier_id
        and diagnostic.region_id = regional.territoire_id
inner join marts.fct_lever_observation as observed
    on
        parts.lever_id = observed.lever_id
        and parts.territory_level = observed.territory_level
        and parts.territory_code = observed.territory_code
        and parts.framework_version = observed.framework_version
inner join marts.fct_lever_target as targets
    on
        targets.measure = 'ktco2e_avoided'
        and targets.territory_level = 'region'
        and parts.region_code = targets.territory_code
        and parts.lever_id = targets.lever_id
        and parts.horizon_year = targets.horizon_year
        and parts.framework_version = targets.framework_version
left join marts.fct_lever_part_by_key as kept
    on
        kept.is_kept
        and parts.lever_id = kept.lever_id
        and parts.territory_level = kept.territory_level
        and parts.territory_code = kept.territory_code
        and parts.region_code = kept.region_code
        and parts.horizon_year = kept.horizon_year
        and parts.framework_version = kept.framework_version
left join vues.dim_cle as allocation_keys on parts.key_id = allocation_keys.cle_id
left join marts.dim_indicator as indicators on diagnostic.indicateur_id = indicators.indicator_id
left join marts.dim_dataset as datasets on indicators.dataset_id = datasets.dataset_id
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
# What the law asks of each territory, and whether it holds there.
OBLIGATIONS = """
select
    niveau as level, code_territoire as code, obligation_id, obligation as name, demande as asked, reponse as answer,
    reponse_libelle as answer_label, condition, territoires_vises as scope, type_juridique as kind, population,
    seuil_population as min_population, string_split(leviers, ' ') as lever_ids, article, adresse as url,
    texte_du as text_as_of, est_verifie as is_verified, reserve as caution
from vues.fait_obligation
order by level, code, ordre
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
# What the key that is kept says of a part and, where several give one, each of them.
SHARES = """
select
    shares.levier_id as lever_id, shares.niveau as level, shares.code_territoire as code, shares.region_id,
    shares.situe_les_sites as places_sites, shares.peut_passer_derriere as may_fall_behind,
    case
        when not shares.repose_sur_une_seule_cle and shares.part_min_ktco2e is not null
            then [shares.part_min_ktco2e, shares.part_max_ktco2e]
    end as share_range,
    list({
        'label': keys.cle, 'year': keys.annee_cle, 'is_proxy': keys.est_approchee, 'share': keys.part_ktco2e
    } order by keys.est_retenue desc, keys.rang, keys.cle_id) filter (where keys.cle_id is not null) as keys
from vues.fait_part as shares
left join vues.fait_part_cle as keys
    on
        shares.levier_id = keys.levier_id
        and shares.territoire_id = keys.territoire_id
        and shares.region_id = keys.region_id
        and keys.est_dans_la_fourchette
        and not shares.repose_sur_une_seule_cle
        and keys.part_ktco2e is not null
group by all
"""
COMMITMENTS = """
select
    roadmap.lever_id,
    roadmap.territory_level as level,
    roadmap.territory_code as code,
    list({
        'horizon': roadmap.horizon_year, 'count': roadmap.commitment_count, 'roadmaps': roadmap.roadmaps,
        'actions': roadmap.actions, 'responsible': roadmap.responsibles, 'asked': roadmap.asked_ktco2e,
        'done': roadmap.done_or_planned_ktco2e, 'ambition': roadmap.new_ambition_ktco2e,
        'beyond_share': roadmap.ambition_gap_ktco2e, 'delta': roadmap.new_ambition_delta,
        'unit': roadmap.physical_unit_label_fr, 'levels': roadmap.new_levels
    } order by roadmap.horizon_year) as found
from marts.fct_lever_roadmap as roadmap
inner join marts.dim_territory as territories using (territory_level, territory_code)
where roadmap.commitment_count > 0
group by
    roadmap.lever_id, roadmap.territory_level, roadmap.territory_code, roadmap.region_code, territories.region_code
qualify row_number() over (
    partition by roadmap.lever_id, roadmap.territory_level, roadmap.territory_code
    order by roadmap.region_code = territories.region_code desc, roadmap.region_code
) = 1
"""
# Each day on which a commitment or a new version of it was entered or withdrawn, and what was observed by then.
HISTORY = """
select
    niveau as level, code_territoire as code, levier_id as lever_id, levier as lever, horizon, jour as entered_on,
    est_retire_ce_jour as is_withdrawal, fait_ou_prevu_ktco2e as done, nouvelle_ambition_ktco2e as ambition,
    feuilles_de_route as roadmaps, indicateur as indicator, annee as year, valeur as value, unite as unit
from vues.cop_suivi
where est_saisi_ce_jour or est_retire_ce_jour
order by jour, levier, horizon
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
# What each series that measures a lever did between its last two years.
MOVES = """
select
    moved.niveau as level, moved.code_territoire as code, moved.levier_id as lever_id, moved.indicateur as label,
    moved.unite as unit, facts.dataset_id, moved.fichier_id as snapshot_id, facts.is_raw,
    {'year': moved.premiere_annee, 'value': moved.premiere_valeur} as first,
    {'year': moved.annee_precedente, 'value': moved.valeur_precedente, 'is_sure': facts.is_previous_sure} as previous,
    {'year': moved.annee, 'value': moved.valeur, 'is_sure': facts.is_last_sure} as last,
    facts.newest_year_of_lever as newest_year, moved.est_la_plus_recente as is_latest,
    moved.variation as change, facts.change_since_first, moved.variation_relative as relative_change,
    moved.doute_code as doubt, moved.est_a_verifier as is_to_check, moved.sens_depuis as turned,
    case when facts.swing_low is not null then [facts.swing_low, facts.swing_high] end as swing,
    case when moved.doute_code = 'apart' then [moved.autres_bas, moved.autres_haut] end as others
from vues.fait_evolution as moved
inner join marts.fct_indicator_change as facts
    on
        moved.levier_id = facts.lever_id
        and moved.indicateur_id = facts.indicator_id
        and moved.niveau = facts.territory_level
        and moved.code_territoire = facts.territory_code
order by moved.indicateur
"""
ADJACENT = """
select niveau as level, code_territoire as code, code_limitrophe as other_code, limitrophe as name, population
from vues.pont_territoire_limitrophe
order by level, code, other_code
"""
SIMILAR = """
select
    niveau as level, code_territoire as code, code_semblable as other_code, semblable as name, population,
    candidats as candidates
from vues.pont_territoire_semblable
order by level, code, rang
"""
# What territories side by side have of it.
MEASURES = f"""
select
    niveau as level, code_territoire as code, indicateur_id as indicator_id, indicateur as label, unite as unit,
    annee as year, valeur as value, completude_pct as completeness, est_entiere as is_whole,
    est_un_minimum as is_least, jeu_id as dataset_id, fichier_id as snapshot_id
from vues.fait_valeur_comparee
where indicateur_id in {COMPARED_MEASURES}
"""
COMPARISONS = """
select
    compared.niveau as level, compared.code_territoire as code, compared.indicateur_id as indicator_id,
    compared.indicateur as label, compared.unite as unit, compared.annee as year, compared.valeur as own,
    compared.semblables as count, compared.rang_du_plus_lointain as last_rank, compared.mediane_semblables as median,
    compared.minimum_semblables as least, compared.maximum_semblables as most, compared.semblables_a_zero as zeros,
    indicators.compared_per = 'inhabitants' as is_per_inhabitant, compared.valeur_region as region_value,
    regional.completude_pct as region_completeness, coalesce(compared.est_loin_de_la_region, false) as is_far,
    compared.jeu_id as dataset_id, compared.fichier_id as snapshot_id
from vues.fait_comparaison as compared
inner join marts.dim_indicator as indicators on compared.indicateur_id = indicators.indicator_id
inner join vues.dim_territoire as territories on compared.territoire_id = territories.territoire_id
left join vues.fait_observation as regional
    on
        compared.indicateur_id = regional.indicateur_id
        and territories.region_id = regional.territoire_id
        and compared.annee = regional.annee
"""
LEVER_MEASURES = """
select levier_id as lever_id, list(indicateur_id order by rang, indicateur_id) as found
from vues.pont_levier_indicateur
where role = 'measure'
group by levier_id
"""
# What each sector emits, with the keys of an estimate.
EMISSIONS = """
select
    emissions.niveau as level, emissions.code_territoire as code, emissions.secteur as sector, emissions.nature,
    emissions.source, emissions.annee as year, emissions.jeu_id as dataset_id, emissions.fichier_id as snapshot_id,
    emissions.gaz as gases, emissions.perimetre as scope, emissions.minimum_tco2e as least,
    emissions.maximum_tco2e as most, emissions.nombre_cles as key_count, emissions.rang as rank, emissions.place,
    emissions.inventaire_region_tco2e as inventory_value, emissions.part_inventaire_region as inventory_share,
    list({
        'label': keys.key_label_fr, 'reason': keys.key_reason_fr, 'share': keys.key_share, 'value': keys.value,
        'year': keys.key_year, 'source': keys.key_source
    } order by keys.value desc, keys.key_id) filter (where keys.key_id is not null) as keys
from vues.fait_emission as emissions
left join marts.fct_emission_estimate as keys
    on
        emissions.nature = 'estimate'
        and emissions.niveau = keys.territory_level
        and emissions.code_territoire = keys.territory_code
        and emissions.region_id = 'region:' || keys.region_code
        and emissions.secteur = keys.sector
        and emissions.source = keys.source
        and emissions.annee = keys.year
        and keys.value > 0
        and not keys.is_repeated
group by all
order by level, code, rank nulls last, inventory_value desc nulls last, sector
"""
# What would give the emissions of a level and is not loaded; a source that stops above the level is none.
MISSING_INVENTORIES = """
select
    coverage.territory_level as level, coverage.source, coverage.region_code, datasets.homepage
from marts.fct_emission_coverage as coverage
left join marts.dim_dataset as datasets using (dataset_id)
where coverage.is_to_load
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
# Territories of several regions, and their part in each.
BORDERS = """
select
    parts.niveau as level, parts.code_territoire as code, split_part(parts.partie_id, ':', 2) as region_code,
    parts.partie as region, territories.region as main_region, parts.communes,
    parts.communes_en_tout as communes_in_all, parts.population, parts.population_en_tout as population_in_all
from vues.pont_territoire_partie as parts
inner join vues.dim_territoire as territories on parts.territoire_id = territories.territoire_id
where parts.niveau_partie = 'region'
"""
# EPCI of several departements, that of the most inhabitants first.
DEPARTEMENTS = """
select code_territoire as code, partie as name, part_population as share
from vues.pont_territoire_partie
where niveau_partie = 'departement' and niveau = 'epci'
order by code, share desc
"""
COMMUNES = """
select communes.name, communes.territory_code as code, communes.epci_code, communes.departement_code
from marts.dim_territory as communes
semi join vues.cop_diagnostic as shown
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

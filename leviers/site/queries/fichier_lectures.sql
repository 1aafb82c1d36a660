-- The columns of the file of readings: a row per lever and territory. The first two are its keys.
with values_shown as (
    select *
    from vues.cop_diagnostic
    qualify row_number() over (partition by levier_id, territoire_id order by region_id) = 1
),
shares as (
    select shares.*, shares.region_id is not distinct from territories.region_id as is_own_region
    from vues.fait_part as shares
    inner join vues.dim_territoire as territories using (territoire_id)
    qualify
        row_number() over (
            partition by shares.levier_id, shares.territoire_id order by is_own_region desc, shares.region_id
        ) = 1
),
doubts as (
    select
        levier_id,
        territoire_id,
        string_agg(doute, ' ; ' order by poids desc, part_de_l_ecart desc nulls last, doute_code) as told
    from vues.fait_doute
    where est_affiche and poids is not null
    group by all
),
latest as (
    select values_shown.levier_id, values_shown.territoire_id, any_value(observed.licence) as licence
    from values_shown
    inner join vues.fait_observation as observed using (indicateur_id, territoire_id, annee)
    group by all
),
doubtful as (
    select indicateur_id, territoire_id, annee, min(motif) as reason
    from vues.fait_qualite
    where constat not in ('series_break', 'territory_break', 'incomplete_year')
    group by all
)
select
    readings.territoire_id,
    readings.levier_id,
    territories.niveau_libelle as "niveau",
    readings.code_territoire as "code",
    readings.territoire as "territoire",
    readings.levier as "levier",
    levers.thematique as "thème",
    coalesce(shown.indicateur, readings.indicateur) as "indicateur",
    coalesce(shown.unite, readings.unite) as "unité",
    coalesce(shown.annee, readings.annee) as "année",
    coalesce(shown.valeur, readings.valeur_publiee) as "valeur",
    shown.completude_pct as "complétude en %",
    shown.nature_valeur as "nature de la valeur",
    readings.indicateur as "jugé sur",
    readings.lecture_libelle as "lecture",
    readings.tendance_libelle as "tendance",
    readings.base_libelle as "base de comparaison",
    readings.confiance as "confiance",
    readings.raison as "raison",
    doubts.told as "doutes",
    readings.valeur as "valeur comparée",
    readings.valeur_attendue as "valeur attendue",
    readings.valeur_visee as "valeur visée",
    readings.ecart as "écart à la trajectoire",
    readings.incertitude as "incertitude",
    readings.ecart_ktco2e as "écart en ktCO2e",
    case when readings.niveau = 'region' then shares.cible_region_ktco2e end as "demandé par l'État en ktCO2e",
    case when readings.niveau <> 'region' then shares.part_ktco2e end as "part indicative en ktCO2e",
    case when readings.niveau <> 'region' then shares.part_min_ktco2e end as "au moins selon les clés",
    case when readings.niveau <> 'region' then shares.part_max_ktco2e end as "au plus selon les clés",
    case when readings.niveau <> 'region' then shares.cle end as "clé de la part indicative",
    case when readings.niveau <> 'region' then shares.region end as "région de la part indicative",
    shown.motif_absence as "pourquoi il n'y a pas de valeur",
    shown.source as "source",
    latest.licence as "licence",
    doubtful.reason as "valeur douteuse"
from vues.fait_lecture as readings
inner join vues.dim_territoire as territories using (territoire_id)
inner join vues.dim_levier as levers using (levier_id)
left join values_shown as shown using (levier_id, territoire_id)
left join shares using (levier_id, territoire_id)
left join doubts using (levier_id, territoire_id)
left join latest using (levier_id, territoire_id)
left join doubtful
    on
        coalesce(shown.indicateur_id, readings.indicateur_id) = doubtful.indicateur_id
        and readings.territoire_id = doubtful.territoire_id
        and coalesce(shown.annee, readings.annee) = doubtful.annee
order by readings.territoire_id, shares.part_ktco2e desc nulls last, readings.levier_id

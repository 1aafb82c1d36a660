-- The columns of the file of readings: a row per lever and territory. The first two are its keys.
with doubts as (
    select
        levier_id,
        territoire_id,
        string_agg(
            doute, ' ; ' order by poids desc, part_de_l_ecart desc nulls last, doute_code asc
        ) as doutes
    from vues.fait_doute
    where est_affiche and poids is not null
    group by levier_id, territoire_id
),

doubtful as (
    select
        indicateur_id,
        territoire_id,
        annee,
        min(motif) as motif
    from vues.fait_qualite
    where porte_sur_la_valeur
    group by indicateur_id, territoire_id, annee
)

select
    readings.territoire_id,
    readings.levier_id,
    territories.niveau_libelle as "niveau",
    readings.code_territoire as "code",
    readings.territoire as "territoire",
    readings.levier as "levier",
    levers.thematique as "thème",
    coalesce(diagnoses.indicateur, readings.indicateur) as "indicateur",
    coalesce(diagnoses.unite, readings.unite) as "unité",
    coalesce(diagnoses.annee, readings.annee) as "année",
    coalesce(diagnoses.valeur, readings.valeur_publiee) as "valeur publiée",
    coalesce(diagnoses.completude_pct, series.completude_pct) as "complétude en %",
    diagnoses.nature_valeur as "nature de la valeur",
    readings.indicateur as "jugé sur",
    readings.lecture_libelle as "lecture",
    readings.tendance_libelle as "tendance",
    readings.base_libelle as "base de comparaison",
    readings.confiance as "confiance",
    readings.raison as "raison",
    doubts.doutes as "doutes",
    readings.valeur_comparee as "valeur comparée",
    readings.valeur_attendue as "valeur attendue",
    readings.valeur_visee as "valeur visée",
    readings.ecart as "écart à la trajectoire",
    readings.incertitude as "incertitude",
    readings.ecart_ktco2e as "écart en ktCO2e",
    simulated.cible_region_ktco2e as "demandé par l'État en ktCO2e",
    parts.part_ktco2e as "part indicative en ktCO2e",
    parts.part_min_ktco2e as "au moins selon les clés",
    parts.part_max_ktco2e as "au plus selon les clés",
    parts.cle as "clé de la part indicative",
    parts.region as "région de la part indicative",
    diagnoses.motif_absence as "pourquoi il n'y a pas de valeur",
    coalesce(diagnoses.source, series.source) as "source",
    coalesce(datasets.licence, series.licence) as "licence",
    doubtful.motif as "valeur douteuse"
from vues.fait_lecture as readings
inner join made."montre.sql" as shown
    on readings.levier_id = shown.levier_id and readings.territoire_id = shown.territoire_id
inner join vues.dim_territoire as territories on readings.territoire_id = territories.territoire_id
inner join vues.dim_levier as levers on readings.levier_id = levers.levier_id
left join vues.cop_diagnostic as diagnoses
    on
        shown.levier_id = diagnoses.levier_id
        and shown.territoire_id = diagnoses.territoire_id
        and shown.region_id = diagnoses.region_id
-- A region is asked by the State, others have a part of that.
left join vues.fait_part as simulated
    on
        shown.levier_id = simulated.levier_id
        and shown.territoire_id = simulated.territoire_id
        and shown.region_id = simulated.region_id
        and shown.niveau = 'region'
left join vues.fait_part as parts
    on
        shown.levier_id = parts.levier_id
        and shown.territoire_id = parts.territoire_id
        and shown.region_id = parts.region_id
        and shown.niveau <> 'region'
left join doubts on readings.levier_id = doubts.levier_id and readings.territoire_id = doubts.territoire_id
left join vues.fait_observation as observed
    on
        diagnoses.indicateur_id = observed.indicateur_id
        and diagnoses.territoire_id = observed.territoire_id
        and diagnoses.annee = observed.annee
left join vues.dim_jeu as datasets on observed.jeu_id = datasets.jeu_id
-- A series that is composed, or that no COP looks at.
left join vues.fait_serie as series
    on
        readings.levier_id = series.levier_id
        and readings.territoire_id = series.territoire_id
        and coalesce(diagnoses.indicateur_id, readings.indicateur_id) = series.indicateur_id
        and coalesce(diagnoses.annee, readings.annee) = series.annee
left join doubtful
    on
        coalesce(diagnoses.indicateur_id, readings.indicateur_id) = doubtful.indicateur_id
        and readings.territoire_id = doubtful.territoire_id
        and coalesce(diagnoses.annee, readings.annee) = doubtful.annee
order by
    readings.territoire_id asc,
    coalesce(simulated.part_ktco2e, parts.part_ktco2e) desc nulls last,
    readings.levier_id asc

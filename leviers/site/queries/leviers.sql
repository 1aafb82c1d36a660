-- The levers of a territory, what is asked of most first: where each stands, its series, and what the
-- reading rests on.
with departements as (
    select
        levier_id,
        region_id as territoire_id,
        list(
            {
                'nom': territoire,
                'minimum': part_min_ktco2e,
                'maximum': part_max_ktco2e,
                'retenue': part_ktco2e
            }
            order by part_ktco2e desc, territoire asc
        ) as par_departement,
        max(nombre_cles) as nombre_cles_departements
    from vues.fait_part
    where niveau = 'departement'
    group by all
),

paths as (
    select
        trajectories.levier_id,
        trajectories.territoire_id,
        min(trajectories.annee) as premiere_annee,
        list({
            'annee': trajectories.annee,
            'valeur': trajectories.valeur_attendue,
            'incertitude': trajectories.incertitude
        } order by trajectories.annee) as trajectoire,
        list({
            'annee': trajectories.annee,
            'valeur': trajectories.valeur_prolongee,
            'bas': trajectories.prolongement_bas,
            'haut': trajectories.prolongement_haut
        } order by trajectories.annee) filter (
            where trajectories.valeur_prolongee is not null
        ) as prolongement
    from vues.fait_trajectoire as trajectories
    inner join made."montre.sql" as shown
        on
            trajectories.levier_id = shown.levier_id
            and trajectories.territoire_id = shown.territoire_id
            and shown.est_juge
    where trajectories.valeur_attendue is not null
    group by trajectories.levier_id, trajectories.territoire_id
),

-- A series that has a path is shown from the start of it on.
series as (
    select
        points.levier_id,
        points.territoire_id,
        list(
            { 'annee': points.annee, 'valeur': points.valeur, 'est_sure': points.est_sure }
            order by points.annee
        ) as points,
        max_by(
            { 'annee': points.annee, 'valeur': points.valeur }, (points.est_sure, points.annee)
        ) as dernier,
        list(points.annee order by points.annee) filter (where points.est_une_rupture) as ruptures
    from made."points.sql" as points
    left join paths
        on points.levier_id = paths.levier_id and points.territoire_id = paths.territoire_id
    where points.annee >= coalesce(paths.premiere_annee, points.annee)
    group by all
),

-- The file of the last value of each component of a series.
files as (
    select
        levier_id,
        territoire_id,
        source,
        licence,
        fichier,
        jeu_id
    from vues.fait_serie_source
    where fichier is not null
    qualify
        row_number() over (
            partition by levier_id, territoire_id, composante_id
            order by derniere_annee desc, recupere_le desc, fichier asc
        ) = 1
),

sources as (
    select
        levier_id,
        territoire_id,
        list_sort(
            list(
                distinct {
                    'source': source,
                    'licence': licence,
                    'fichier': fichier,
                    'fichier_du_jeu': jeu_id || '/' || fichier
                }
            )
        ) as fichiers
    from files
    group by all
),

doubts as (
    select
        levier_id,
        territoire_id,
        list(
            { 'doute': doute, 'part': part_de_l_ecart }
            order by part_de_l_ecart desc nulls last, poids desc, doute_code asc
        ) as doutes
    from vues.fait_doute
    where est_affiche and not est_la_raison
    group by all
)

select
    readings.territoire_id,
    readings.levier_id,
    levers.levier_court as nom,
    shares.part_ktco2e as demande_ktco2e,
    shares.part_min_ktco2e,
    shares.part_max_ktco2e,
    shares.cle,
    shares.nombre_cles,
    shown.cle_ecartee_ailleurs,
    readings.lecture,
    readings.lecture_libelle,
    readings.tendance,
    readings.tendance_libelle,
    shown.repere,
    rules.libelle as regle,
    readings.raison,
    readings.niveau <> 'region' or coalesce(shares.est_affichee_par_l_etat, true) as est_affichee,
    levers.compte_par_l_etat,
    levers.lieu_du_compte,
    if(readings.couverture <> 'same', readings.couverture_libelle, null) as couverture_libelle,
    asked.refus_de_l_etat,
    readings.confiance,
    grades.libelle as confiance_libelle,
    readings.annee,
    readings.valeur_comparee as valeur,
    shown.valeur_attendue,
    shown.indicateur,
    shown.nom as serie,
    shown.unite_affichee as unite,
    shown.facteur_affichage as facteur,
    shown.decimales,
    readings.annee as annee_attendue,
    readings.valeur_visee,
    shown.annee_visee,
    if(
        shown.annee_visee is null,
        null,
        { 'annee': shown.annee_visee, 'valeur': shown.valeur_visee, 'est_indicative': shown.est_indicatif }
    ) as cible,
    shown.lissage_annees,
    shown.rythme_observe,
    shown.rythme_necessaire,
    shown.correction_climat_libelle,
    shown.annee_atteinte,
    shown.valeur_prolongee,
    shown.manque,
    shown.sans_prolongement,
    paths.trajectoire,
    paths.prolongement,
    series.points,
    series.dernier,
    sources.fichiers,
    series.ruptures,
    shown.est_un_taux,
    coalesce(len(series.points) > 2 or paths.trajectoire is not null, false)
    and row_number() over (
        partition by readings.territoire_id, shown.indicateur_id
        order by shares.part_ktco2e desc nulls last, readings.levier_id asc
    ) = 1 as est_tracee,
    departements.par_departement,
    departements.nombre_cles_departements,
    doubts.doutes
from vues.fait_lecture as readings
inner join made."montre.sql" as shown
    on readings.levier_id = shown.levier_id and readings.territoire_id = shown.territoire_id
inner join vues.dim_levier as levers on readings.levier_id = levers.levier_id
left join vues.dim_libelle as grades on grades.domaine = 'confidence' and readings.confiance = grades.code
left join vues.dim_libelle as rules
    on shown.est_juge and rules.domaine = 'decided_by' and readings.decide_par = rules.code
left join vues.fait_part as shares
    on
        shown.levier_id = shares.levier_id
        and shown.territoire_id = shares.territoire_id
        and shown.region_id = shares.region_id
left join vues.fait_cible as asked
    on
        readings.levier_id = asked.levier_id
        and shown.region_id = asked.territoire_id
        and asked.mesure_code = 'ktco2e_avoided'
left join departements
    on readings.levier_id = departements.levier_id and readings.territoire_id = departements.territoire_id
left join paths
    on readings.levier_id = paths.levier_id and readings.territoire_id = paths.territoire_id
left join series
    on readings.levier_id = series.levier_id and readings.territoire_id = series.territoire_id
left join sources
    on readings.levier_id = sources.levier_id and readings.territoire_id = sources.territoire_id
left join doubts
    on readings.levier_id = doubts.levier_id and readings.territoire_id = doubts.territoire_id
order by readings.territoire_id asc, shares.part_ktco2e desc nulls last, readings.levier_id asc

-- The levers of a territory, what is asked of most first: where each stands, its series, and what the reading rests on.
with
shares as (
    select
        shares.*,
        (
            shares.levier_id, shares.cle_id) in (select (levier_id, cle_id) from vues.fait_cle_ecartee
        where est_ecartee)
            as cle_ecartee_ailleurs
    from vues.fait_part as shares
    inner join vues.dim_territoire as territories using (territoire_id)
    qualify
        row_number() over (
            partition by shares.levier_id, shares.territoire_id
            order by shares.region_id = territories.region_id desc, shares.region_id
        ) = 1
),

departements as (
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

judged as (
    select levier_id, territoire_id
    from vues.fait_lecture
    where lecture <> 'not_judged'
),

paths as (
    select
        levier_id,
        territoire_id,
        min(annee) as premiere_annee,
        list({ 'annee': annee, 'valeur': valeur_attendue, 'incertitude': incertitude } order by annee) as trajectoire,
        list(
            { 'annee': annee, 'valeur': valeur_prolongee, 'bas': prolongement_bas, 'haut': prolongement_haut }
            order by annee
        )
        filter (where valeur_prolongee is not null) as prolongement
    from vues.fait_trajectoire
    semi join judged using (levier_id, territoire_id)
    where valeur_attendue is not null
    group by all
),

-- A series that has a path is shown from the start of it on.
series as (
    select
        points.levier_id,
        points.territoire_id,
        points.indicateur_id,
        points.indicateur,
        points.unite_affichee,
        points.facteur_affichage,
        points.decimales,
        list(
            { 'annee': points.annee, 'valeur': points.valeur, 'est_sure': points.est_sure }
            order by points.annee
        ) as points,
        max_by({ 'annee': points.annee, 'valeur': points.valeur }, (points.est_sure, points.annee)) as dernier,
        list({ 'annee': points.annee, 'valeur': points.valeur_comparee } order by points.annee)
        filter (where points.valeur_comparee <> points.valeur) as compares
    from vues.fait_serie as points
    left join paths using (levier_id, territoire_id)
    where points.valeur is not null and points.annee >= coalesce(paths.premiere_annee, points.annee)
    group by all
),

-- The file of the last value of each series of which one is made.
files as (
    select
        levier_id,
        territoire_id,
        source,
        licence,
        fichier,
        empreinte_sha256
    from vues.fait_serie_source
    qualify
        row_number() over (
            partition by levier_id, territoire_id, composante_id order by derniere_annee desc, recupere_le desc, fichier asc
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
                    'empreinte': left(empreinte_sha256, 8)
                }
            )
        ) as fichiers
    from files
    group by all
),

-- Breaks of a series, in all territories or in one.
breaks as (
    select
        shown.levier_id,
        shown.territoire_id,
        list(distinct found.annee order by found.annee) as ruptures
    from series as shown
    inner join vues.fait_qualite as found
        on
            shown.indicateur_id = found.indicateur_id
            and (found.territoire_id is null or shown.territoire_id = found.territoire_id)
    where found.constat in ('series_break', 'territory_break')
    group by all
),

doubts as (
    select
        levier_id,
        territoire_id,
        list({ 'doute': doute, 'part': part_de_l_ecart } order by part_de_l_ecart desc nulls last, poids desc, doute_code ASC)
            as doutes
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
    shares.cle_ecartee_ailleurs,
    readings.lecture,
    readings.lecture_libelle,
    readings.tendance,
    readings.tendance_libelle,
    if(readings.base = 'none', null, readings.base_libelle) as repere,
    readings.raison,
    coalesce(objectives.est_affichee_par_l_etat, true) as est_affichee,
    readings.confiance,
    grades.libelle as confiance_libelle,
    readings.annee,
    readings.valeur,
    if(readings.lecture = 'not_judged', null, readings.valeur_attendue) as valeur_attendue,
    series.indicateur,
    coalesce(paces.unite_affichee, series.unite_affichee) as unite,
    coalesce(paces.facteur_affichage, series.facteur_affichage) as facteur,
    coalesce(paces.decimales, series.decimales) as decimales,
    readings.annee as annee_attendue,
    readings.valeur_visee,
    paces.annee_visee,
    if(
        paces.annee_visee is null or readings.lecture = 'not_judged',
        null,
        {
            'annee': paces.annee_visee,
            'valeur': readings.valeur_visee,
            'est_indicative': readings.base in ('national', 'indicative')
        }
    ) as cible,
    paces.lissage_annees,
    paces.rythme_observe,
    paces.rythme_necessaire,
    paces.correction_climat_libelle,
    extensions.annee_atteinte,
    extensions.valeur_prolongee,
    extensions.manque,
    extensions.sans_prolongement,
    paths.trajectoire,
    paths.prolongement,
    series.points,
    series.dernier,
    series.compares,
    sources.fichiers,
    breaks.ruptures,
    coalesce(len(series.points) > 1 or paths.trajectoire is not null, false) as est_tracee,
    departements.par_departement,
    departements.nombre_cles_departements,
    doubts.doutes
from vues.fait_lecture as readings
inner join vues.dim_levier as levers using (levier_id)
left join vues.dim_libelle as grades on grades.domaine = 'confidence' and readings.confiance = grades.code
left join shares using (levier_id, territoire_id)
left join departements using (levier_id, territoire_id)
left join vues.fait_rythme as paces using (levier_id, territoire_id)
left join vues.fait_prolongement as extensions using (levier_id, territoire_id)
left join paths using (levier_id, territoire_id)
left join series using (levier_id, territoire_id)
left join sources using (levier_id, territoire_id)
left join breaks using (levier_id, territoire_id)
left join vues.cop_objectifs as objectives
    on
        readings.niveau = 'region'
        and readings.levier_id = objectives.levier_id
        and readings.territoire_id = objectives.territoire_id
left join doubts using (levier_id, territoire_id)
order by readings.territoire_id ASC, demande_ktco2e desc nulls last, readings.levier_id ASC

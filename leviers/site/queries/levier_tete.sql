-- Where a lever is in each region: its reading, and the line that shows it, year by year.
with observed as (
    select
        levier_id,
        territoire_id,
        list({ 'annee': annee, 'valeur': valeur, 'est_sure': est_sure } order by annee) as points,
        list(annee order by annee) filter (where est_une_rupture) as ruptures
    from made."points.sql"
    where niveau = 'region'
    group by levier_id, territoire_id
),

followed as (
    select
        levier_id,
        territoire_id,
        list(
            { 'annee': annee, 'valeur': valeur_attendue, 'incertitude': incertitude } order by annee
        ) filter (where valeur_attendue is not null) as trajectoire,
        list(
            { 'annee': annee, 'valeur': valeur_prolongee, 'bas': prolongement_bas, 'haut': prolongement_haut }
            order by annee
        ) filter (where valeur_prolongee is not null) as prolongement,
        arg_max(manque, annee) as manque
    from vues.fait_trajectoire
    where niveau = 'region'
    group by levier_id, territoire_id
)

select
    readings.levier_id,
    readings.territoire_id,
    readings.territoire,
    'region-' || readings.code_territoire as fichier,
    levers.levier_court,
    readings.lecture,
    readings.lecture_libelle,
    readings.tendance,
    readings.tendance_libelle,
    readings.confiance,
    shown.part_faite,
    shown.part_attendue,
    shown.part_incertitude,
    shown.est_indicatif,
    readings.manque_sur_ktco2e,
    shares.part_ktco2e as demande_ktco2e,
    shown.indicateur_id as serie_id,
    shown.indicateur,
    shown.nom,
    indicators.source,
    shown.unite_affichee as unite,
    shown.facteur_affichage as facteur,
    shown.decimales,
    shown.lissage_annees,
    shown.correction_climat_libelle,
    missing.raison as raison_courte,
    missing.donnee_manquante,
    missing.page_du_jeu,
    shown.annee,
    shown.valeur,
    shown.valeur_attendue,
    shown.trajectoire_libelle,
    coalesce(observed.points, []) as points,
    shown.est_un_taux,
    if(shown.est_juge, followed.trajectoire, null) as trajectoire,
    if(
        shown.annee_visee is null,
        null,
        { 'annee': shown.annee_visee, 'valeur': shown.valeur_visee, 'est_indicative': shown.est_indicatif }
    ) as cible,
    if(shown.est_juge, followed.prolongement, null) as prolongement,
    followed.manque,
    shown.annee as annee_attendue,
    coalesce(observed.ruptures, []) as ruptures
from vues.fait_lecture as readings
inner join made."montre.sql" as shown
    on readings.levier_id = shown.levier_id and readings.territoire_id = shown.territoire_id
inner join vues.dim_levier as levers on readings.levier_id = levers.levier_id
left join vues.dim_indicateur as indicators on shown.indicateur_id = indicators.indicateur_id
left join vues.fait_manque as missing
    on readings.levier_id = missing.levier_id and readings.territoire_id = missing.territoire_id
left join vues.fait_part as shares
    on readings.levier_id = shares.levier_id and readings.territoire_id = shares.territoire_id
left join observed
    on readings.levier_id = observed.levier_id and readings.territoire_id = observed.territoire_id
left join followed
    on readings.levier_id = followed.levier_id and readings.territoire_id = followed.territoire_id
where readings.niveau = 'region'
order by readings.levier_id, strip_accents(readings.territoire)

-- Where a lever is in each region: its reading, and the line that shows it, year by year.
with shown as (
    select
        readings.*,
        coalesce(readings.indicateur_id, diagnoses.indicateur_id) as serie_id,
        coalesce(readings.annee, diagnoses.annee) as derniere_annee,
        coalesce(readings.valeur, diagnoses.valeur) as derniere_valeur
    from vues.fait_lecture as readings
    left join vues.cop_diagnostic as diagnoses using (levier_id, territoire_id)
    where readings.niveau = 'region'
),

observed as (
    select
        levier_id,
        territoire_id,
        any_value(unite_affichee) as unite,
        any_value(facteur_affichage) as facteur,
        any_value(decimales) as decimales,
        list({ 'annee': annee, 'valeur': valeur, 'est_sure': est_sure } order by annee) as points,
        list({ 'annee': annee, 'valeur': valeur_comparee } order by annee) filter (valeur_comparee <> valeur) as compares
    from vues.fait_serie
    group by all
),

followed as (
    select
        levier_id,
        territoire_id,
        list({ 'annee': annee, 'valeur': valeur_attendue, 'incertitude': incertitude } order by annee)
        filter (valeur_attendue is not null) as trajectoire,
        list(
            { 'annee': annee, 'valeur': valeur_prolongee, 'bas': prolongement_bas, 'haut': prolongement_haut }
            order by annee
        ) filter (valeur_prolongee is not null
        ) as prolongement,
        max(annee) as annee_visee,
        arg_max(manque, annee) as manque
    from vues.fait_trajectoire
    where niveau = 'region'
    group by all
),

-- Breaks of a series, in all territories or in one.
breaks as (
    select
        shown.levier_id,
        shown.territoire_id,
        list(distinct found.annee order by found.annee) as ruptures
    from shown
    inner join vues.fait_qualite as found
        on
            shown.serie_id = found.indicateur_id
            and (found.territoire_id is null or shown.territoire_id = found.territoire_id)
    where found.constat in ('series_break', 'territory_break')
    group by all
)

select
    shown.levier_id,
    shown.territoire_id,
    shown.territoire,
    'region-' || shown.code_territoire as fichier,
    levers.levier_court,
    shown.lecture,
    shown.lecture_libelle,
    shown.tendance,
    shown.tendance_libelle,
    shown.base,
    shown.confiance,
    shown.part_faite,
    shown.part_attendue,
    shown.part_incertitude,
    shown.base in ('national', 'indicative') as est_indicatif,
    shares.part_ktco2e as demande_ktco2e,
    if(
        shown.lecture in ('behind', 'opposite'),
        (shown.part_attendue - shown.part_faite - shown.part_incertitude) * shares.part_ktco2e,
        null
    ) as manque_sur_ktco2e,
    indicators.indicateur,
    names.indicateur_court as nom,
    indicators.source,
    coalesce(paces.unite_affichee, observed.unite) as unite,
    coalesce(paces.facteur_affichage, observed.facteur) as facteur,
    coalesce(paces.decimales, observed.decimales) as decimales,
    shown.serie_id,
    paces.lissage_annees,
    paces.correction_climat_libelle,
    missing.raison as raison_courte,
    missing.donnee_manquante,
    missing.page_du_jeu,
    shown.derniere_annee as annee,
    shown.derniere_valeur as valeur,
    shown.valeur_attendue,
    shown.valeur_visee,
    followed.annee_visee,
    coalesce(observed.points, []) as points,
    coalesce(observed.compares, []) as compares,
    coalesce(followed.trajectoire, []) as trajectoire,
    if(
        shown.valeur_visee is null or followed.annee_visee is null,
        null,
        {
            'annee': followed.annee_visee,
            'valeur': shown.valeur_visee,
            'est_indicative': shown.base in ('national', 'indicative')
        }
    ) as cible,
    coalesce(followed.prolongement, []) as prolongement,
    followed.manque,
    if(shown.valeur_attendue is null, null, shown.annee) as annee_attendue,
    coalesce(breaks.ruptures, []) as ruptures
from shown
inner join vues.dim_levier as levers using (levier_id)
left join vues.dim_indicateur as indicators on shown.serie_id = indicators.indicateur_id
left join vues.dim_indicateur_court as names on shown.serie_id = names.indicateur_id
left join vues.fait_rythme as paces using (levier_id, territoire_id)
left join vues.fait_manque as missing using (levier_id, territoire_id)
left join vues.fait_part as shares using (levier_id, territoire_id)
left join observed using (levier_id, territoire_id)
left join followed using (levier_id, territoire_id)
left join breaks using (levier_id, territoire_id)
order by shown.levier_id, shown.territoire

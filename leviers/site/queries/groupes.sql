-- The curve of each series that judges a group of levers and none of them alone, in the columns of a lever's curve.
select
    readings.territoire_id,
    readings.groupe_id as levier_id,
    readings.groupe as nom,
    readings.groupe as serie,
    readings.indicateur,
    readings.lecture,
    readings.lecture_libelle,
    readings.tendance,
    readings.tendance_libelle,
    readings.confiance,
    indicators.source,
    readings.base_libelle as repere,
    string_split(readings.leviers, ' ; ') as leviers,
    readings.annee,
    readings.annee as annee_attendue,
    readings.valeur_comparee as valeur,
    readings.valeur_attendue,
    readings.valeur_visee,
    readings.demande_ktco2e::double as demande_ktco2e,
    any_value(years.annee_visee) as annee_visee,
    any_value(years.unite_affichee) as unite,
    any_value(years.facteur_affichage) as facteur,
    any_value(years.decimales) as decimales,
    any_value(years.lissage_annees) as lissage_annees,
    {
        'annee': any_value(years.annee_visee),
        'valeur': any_value(readings.valeur_visee),
        'est_indicative': any_value(readings.base) <> 'state'
    } as cible,
    list({
        'annee': years.annee,
        'valeur': years.valeur_comparee,
        'est_sure': true
    } order by years.annee) filter (where years.valeur_comparee is not null) as points,
    list({
        'annee': years.annee,
        'valeur': years.valeur_attendue,
        'incertitude': years.incertitude
    } order by years.annee) as trajectoire,
    false as est_un_taux,
    true as est_tracee
from vues.fait_lecture_groupe as readings
inner join vues.fait_trajectoire_groupe as years
    on readings.groupe_id = years.groupe_id and readings.territoire_id = years.territoire_id
inner join vues.dim_indicateur as indicators on readings.indicateur_id = indicators.indicateur_id
anti join vues.fait_lecture as alone
    on
        readings.groupe_id = alone.groupe_id
        and readings.territoire_id = alone.territoire_id
        and alone.lecture <> 'not_judged'
where readings.lecture <> 'not_judged'
group by all

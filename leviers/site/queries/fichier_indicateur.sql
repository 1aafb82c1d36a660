-- The values of an indicator at a level, in the schema that the ministry's Ecolab proposes for territorial
-- indicators: what follows `valeur` is ours. It has a column per axis: here each category is an indicator.
select
    strftime(make_date(observed.annee, 1, 1), '%Y-%m-%dT%H:%M:%S.000') as date_mesure,
    observed.code_territoire as geocode,
    observed.territoire as libelle,
    numerators.valeur as numerateur,
    denominators.valeur as denominateur,
    observed.valeur,
    observed.unite,
    observed.statut,
    observed.confiance,
    datasets.source,
    datasets.licence,
    (select max(publications.publie_le) from vues.fait_publication as publications) as edition
from vues.fait_observation as observed
inner join vues.dim_indicateur as indicators on observed.indicateur_id = indicators.indicateur_id
left join vues.dim_jeu as datasets on observed.jeu_id = datasets.jeu_id
left join vues.fait_observation as numerators
    on
        indicators.numerateur_id = numerators.indicateur_id
        and observed.territoire_id = numerators.territoire_id
        and observed.annee = numerators.annee
left join vues.fait_observation as denominators
    on
        indicators.denominateur_id = denominators.indicateur_id
        and observed.territoire_id = denominators.territoire_id
        and observed.annee = denominators.annee
where observed.indicateur_id = getvariable('indicateur') and observed.niveau = getvariable('niveau')
order by observed.code_territoire, observed.annee

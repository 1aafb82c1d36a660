-- The columns of the file of a lever: its series in each territory, with the path where there is one. The
-- first two are its keys.
with shown as (
    select
        levier_id,
        territoire_id,
        indicateur_id
    from vues.cop_diagnostic
    where indicateur_id is not null
    union
    select
        levier_id,
        territoire_id,
        indicateur_id
    from vues.fait_lecture
    where indicateur_id is not null
),

series as (
    select
        shown.levier_id,
        shown.territoire_id,
        shown.indicateur_id,
        observed.annee,
        observed.valeur,
        observed.nature_valeur,
        observed.completude_pct,
        datasets.source,
        datasets.licence
    from shown
    inner join vues.fait_observation as observed
        on shown.indicateur_id = observed.indicateur_id and shown.territoire_id = observed.territoire_id
    left join vues.dim_jeu as datasets on observed.jeu_id = datasets.jeu_id
    union all
    select
        levier_id,
        territoire_id,
        indicateur_id,
        annee,
        valeur,
        null as nature_valeur,
        completude_pct,
        source,
        licence
    from vues.fait_serie
    where est_composee
)

select
    levers.levier_id,
    territories.territoire_id,
    territories.niveau_libelle as "niveau",
    territories.code_territoire as "code",
    territories.territoire as "territoire",
    levers.levier as "levier",
    indicators.indicateur as "indicateur",
    indicators.unite as "unité",
    coalesce(series.annee, paths.annee) as "année",
    coalesce(series.valeur, paths.valeur_observee) as "valeur",
    series.nature_valeur as "nature de la valeur",
    series.completude_pct as "complétude en %",
    paths.valeur_comparee as "valeur comparée",
    paths.valeur_attendue as "valeur attendue",
    paths.incertitude as "incertitude",
    paths.valeur_visee as "valeur visée",
    paths.valeur_prolongee as "au rythme observé",
    paths.prolongement_bas as "au moins, à ce rythme",
    paths.prolongement_haut as "au plus, à ce rythme",
    series.source as "source",
    series.licence as "licence"
from series
full outer join vues.fait_trajectoire as paths
    on
        series.levier_id = paths.levier_id
        and series.territoire_id = paths.territoire_id
        and series.indicateur_id = paths.indicateur_id
        and series.annee = paths.annee
inner join vues.dim_territoire as territories
    on coalesce(series.territoire_id, paths.territoire_id) = territories.territoire_id
inner join vues.dim_levier as levers on coalesce(series.levier_id, paths.levier_id) = levers.levier_id
inner join vues.dim_indicateur as indicators
    on coalesce(series.indicateur_id, paths.indicateur_id) = indicators.indicateur_id
order by
    levers.levier_id,
    territories.territoire_id,
    indicators.indicateur_id,
    coalesce(series.annee, paths.annee)

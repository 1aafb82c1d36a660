-- The columns of the file of all series of a territory: a row per indicator and year. The first is its key.
with levers as (
    select
        indicateur_id,
        string_agg(levier, ' ; ' order by levier) as measured
    from vues.pont_levier_indicateur
    where role = 'measure'
    group by indicateur_id
)

select
    observed.territoire_id,
    territories.niveau_libelle as "niveau",
    observed.code_territoire as "code",
    observed.territoire as "territoire",
    levers.measured as "leviers mesurés",
    observed.indicateur as "indicateur",
    observed.unite as "unité",
    observed.annee as "année",
    observed.valeur as "valeur",
    observed.nature_valeur as "nature de la valeur",
    observed.completude_pct as "complétude en %",
    if(observed.est_provisoire, 'oui', 'non') as "provisoire",
    datasets.source as "source",
    datasets.licence as "licence",
    files.fichier as "fichier"
from vues.fait_observation as observed
inner join vues.dim_territoire as territories on observed.territoire_id = territories.territoire_id
left join vues.dim_jeu as datasets on observed.jeu_id = datasets.jeu_id
left join levers on observed.indicateur_id = levers.indicateur_id
left join vues.fait_source as files on observed.fichier_id = files.fichier_id
where observed.territoire_id in (select readings.territoire_id from vues.fait_lecture as readings)
order by observed.territoire_id, observed.indicateur, observed.indicateur_id, observed.annee

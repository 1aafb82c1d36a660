-- The files that have values of a territory, and how many of its series each gives.
with used as (
    select
        territoire_id,
        fichier_id,
        count(distinct indicateur_id) as series
    from vues.fait_observation
    where niveau <> 'commune'
    group by all
    union all
    select distinct
        territoire_id,
        fichier_id,
        0 as series
    from vues.fait_emission
    where fichier_id is not null
)

select
    used.territoire_id,
    sources.fichier,
    sources.adresse,
    sources.jeu_id || '/' || sources.fichier as fichier_du_jeu,
    sources.jeu_id,
    sources.jeu,
    sources.source,
    sources.licence,
    sources.adresse_licence,
    sources.est_verifiee,
    max(used.series) as series
from used
inner join vues.fait_source as sources on used.fichier_id = sources.fichier_id
group by all
order by used.territoire_id, sources.source, sources.jeu_id, sources.fichier

-- The producers that the sheet of a territory rests on: of what is asked, and of the series that are judged there.
with used as (
    select
        territoire_id,
        fichier_id
    from vues.fait_cible
    union
    select
        series.territoire_id,
        series.fichier_id
    from vues.fait_serie as series
    where series.est_jugee
)

select distinct
    used.territoire_id,
    files.source,
    files.licence
from used
inner join vues.fait_source as files on used.fichier_id = files.fichier_id
order by used.territoire_id, files.licence, files.source

-- The files that the sheet of a territory rests on beside those of its series: what is asked and, of an
-- EPCI or a grouping, its emissions.
with used as (
    select
        territoire_id,
        fichier_id
    from vues.fait_emission
    where rang = 1 and niveau not in ('departement', 'region')
    union
    select
        territoire_id,
        fichier_id
    from vues.fait_cible
)

select
    used.territoire_id,
    files.fichier,
    files.jeu_id || '/' || files.fichier as fichier_du_jeu,
    files.licence
from used
inner join vues.fait_source as files on used.fichier_id = files.fichier_id
order by used.territoire_id, files.fichier

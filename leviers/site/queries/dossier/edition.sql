-- The series of a territory that the last publication changed.
with here as (
    select distinct
        territoire_id,
        indicateur_id
    from vues.fait_observation
    where niveau <> 'commune'
)

select
    here.territoire_id,
    changes.indicateur,
    changes.jeu,
    changes.valeurs_ajoutees,
    changes.valeurs_revisees,
    changes.valeurs_retirees,
    changes.premiere_annee,
    changes.derniere_annee
from vues.fait_changement as changes
inner join here on changes.indicateur_id = here.indicateur_id
where changes.publie_le = (select max(latest.publie_le) from vues.fait_changement as latest)
order by here.territoire_id, changes.indicateur, changes.jeu

-- The day of the last file with values of a territory.
select
    observed.territoire_id,
    max(sources.recupere_le) as dernier_recu_le
from vues.fait_observation as observed
inner join vues.fait_source as sources on observed.fichier_id = sources.fichier_id
where observed.niveau <> 'commune'
group by observed.territoire_id
order by observed.territoire_id

-- Each chantier of a lever followed here.
select distinct
    'chantiers/' || chantier_id || '.html' as adresse,
    chantier as nom,
    'chantier' as genre,
    [] as mots
from vues.dim_levier
where chantier_id is not null and levier_id in (select suivis.levier_id from vues.fait_lecture as suivis)
order by adresse

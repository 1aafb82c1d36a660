-- The texts that the law asks something with, and of how many territories here.
select
    'loi' as page,
    obligation,
    any_value(demande) as demande,
    string_agg(distinct territoires_vises, ' ; ' order by territoires_vises) as territoires_vises,
    any_value(condition) as condition,
    any_value(article) as article,
    any_value(adresse) as adresse,
    bool_and(est_verifie) as est_verifie,
    count(*) filter (where est_applicable) as ici,
    count(*) as vises
from vues.fait_obligation
group by obligation
order by min(ordre)

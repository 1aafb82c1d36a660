-- The texts that the law asks something with, and of how many territories here.
select
    'loi' as page,
    obligation,
    arg_min(demande, (obligation_id, niveau)) as demande,
    string_agg(distinct territoires_vises, ' ; ' order by territoires_vises) as territoires_vises,
    arg_min(condition, (obligation_id, niveau)) as condition,
    arg_min(article, (obligation_id, niveau)) as article,
    arg_min(adresse, (obligation_id, niveau)) as adresse,
    bool_and(est_verifie) as est_verifie,
    count(*) filter (where est_applicable) as ici,
    count(*) as vises
from vues.fait_obligation
group by obligation
order by min(ordre)

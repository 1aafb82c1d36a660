-- The keys that share out what is asked of a lever, the one that is kept first, and those that are refused.
select distinct
    levier_id,
    est_retenue,
    est_dans_la_fourchette,
    false as est_ecartee,
    cle,
    annee_cle,
    null as motif
from vues.fait_part_cle
where niveau = 'departement'
union all by name
select
    levier_id,
    false as est_retenue,
    false as est_dans_la_fourchette,
    est_ecartee,
    cle,
    null as annee_cle,
    string_agg(distinct motif_detaille, ' ' order by motif_detaille) as motif
from vues.fait_cle_ecartee
where est_ecartee
group by levier_id, est_ecartee, cle
order by levier_id asc, est_retenue desc, est_dans_la_fourchette desc, cle asc, annee_cle desc

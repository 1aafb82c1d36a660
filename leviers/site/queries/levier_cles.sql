-- The keys that share out what is asked of a lever, the one that is kept first, and those that are refused.
select distinct
    levier_id,
    case when est_retenue then 'retenue' when est_dans_la_fourchette then 'fourchette' else 'possible' end as genre,
    cle,
    annee_cle,
    null as motif
from vues.fait_part_cle
where niveau = 'departement'
union all by name
select
    levier_id,
    'ecartee' as genre,
    cle,
    null as annee_cle,
    string_agg(distinct motif_detaille, ' ') as motif
from vues.fait_cle_ecartee
where est_ecartee
group by all
order by levier_id ASC, genre desc, cle ASC

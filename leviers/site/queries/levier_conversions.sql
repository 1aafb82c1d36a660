-- What an action of a lever brings in tonnes, or why it does not convert, with the regions of which that is so.
select
    levier_id,
    action_id,
    libelle,
    unite,
    t_par_unite,
    motif_refus,
    string_agg(region, ', ' order by region) as regions,
    count(*) = sum(count(*)) over (partition by levier_id, action_id) as est_partout
from vues.fait_conversion
group by levier_id, action_id, libelle, unite, t_par_unite, motif_refus
order by levier_id asc, action_id asc, motif_refus is not null asc, regions asc

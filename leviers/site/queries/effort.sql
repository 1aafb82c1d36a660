-- The six levers with the largest share of a territory, in kt, or in t where none makes one kt, and where each stands in
-- the region that is asked. A share that says nothing of a place is left out.
with shares as (
    select
        *,
        if(max(part_ktco2e) over (partition by territoire_id) < 1, 't', 'kt') as unite
    from vues.fait_part
    where part_ktco2e > 0 and situe_les_sites is distinct from false
    qualify row_number() over (partition by territoire_id order by part_ktco2e desc, levier_id ASC) <= 6
)

select
    shares.territoire_id,
    levers.levier_court as nom,
    coalesce(shares.part_min_ktco2e, shares.part_ktco2e) * if(shares.unite = 't', 1000, 1) as minimum,
    coalesce(shares.part_max_ktco2e, shares.part_ktco2e) * if(shares.unite = 't', 1000, 1) as maximum,
    shares.unite,
    shares.repose_sur_une_seule_cle as une_seule_cle,
    shares.levier_id,
    readings.lecture,
    readings.lecture_libelle,
    readings.tendance,
    readings.tendance_libelle
from shares
inner join vues.dim_levier as levers using (levier_id)
left join vues.fait_lecture as readings
    on shares.levier_id = readings.levier_id and shares.region_id = readings.territoire_id
order by shares.territoire_id ASC, shares.part_ktco2e desc, shares.levier_id ASC

-- The six levers with the largest share of a territory, in kt, or in t where `vues.echelle` shows each in t. A share is no
-- effort to name if its key does not know where the sites of the lever are.
with shares as (
    select
        *,
        max(part_ktco2e) over (partition by territoire_id) as largest,
        row_number() over (
            partition by territoire_id order by part_ktco2e desc, levier_id asc, region_id asc
        ) as rang
    from vues.fait_part
    where part_ktco2e > 0 and situe_les_sites is distinct from false
    qualify rang <= 6
),

scaled as (
    select
        *,
        if(vues.echelle('milliers de tonnes', largest).unite = 't', 't', 'kt') as unite
    from shares
)

select
    scaled.territoire_id,
    levers.levier_court as nom,
    coalesce(scaled.part_min_ktco2e, scaled.part_ktco2e) * if(scaled.unite = 't', 1000, 1) as minimum,
    coalesce(scaled.part_max_ktco2e, scaled.part_ktco2e) * if(scaled.unite = 't', 1000, 1) as maximum,
    scaled.unite,
    scaled.repose_sur_une_seule_cle as une_seule_cle,
    scaled.levier_id,
    scaled.part_ktco2e,
    scaled.peut_passer_derriere,
    scaled.rang
from scaled
inner join vues.dim_levier as levers on scaled.levier_id = levers.levier_id
order by scaled.territoire_id asc, scaled.rang asc

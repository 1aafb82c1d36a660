-- The six levers with the largest share of a territory, in kt, or in t where `dim_echelle` shows each in t.
with shares as (
    select
        parts.*,
        topics.rang,
        max(parts.part_ktco2e) over (partition by parts.territoire_id) as largest
    from vues.fait_ordre as topics
    inner join vues.fait_part as parts
        on
            topics.territoire_id = parts.territoire_id
            and topics.levier_id = parts.levier_id
            and topics.region_id = parts.region_id
    where topics.sujet = 'effort' and topics.rang <= 6
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
    scaled.levier_id
from scaled
inner join vues.dim_levier as levers on scaled.levier_id = levers.levier_id
order by scaled.territoire_id asc, scaled.rang asc

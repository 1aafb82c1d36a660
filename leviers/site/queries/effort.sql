-- The six levers with the largest share of a territory, in kt, or in t where none makes one kt.
with shares as (
    select
        parts.*,
        first_ones.rang,
        if(max(parts.part_ktco2e) over (partition by parts.territoire_id) < 1, 't', 'kt') as unite
    from vues.fait_ordre as first_ones
    inner join vues.fait_part as parts
        on
            first_ones.territoire_id = parts.territoire_id
            and first_ones.levier_id = parts.levier_id
            and first_ones.region_id = parts.region_id
    where first_ones.sujet = 'effort' and first_ones.rang <= 6
)

select
    shares.territoire_id,
    levers.levier_court as nom,
    coalesce(shares.part_min_ktco2e, shares.part_ktco2e) * if(shares.unite = 't', 1000, 1) as minimum,
    coalesce(shares.part_max_ktco2e, shares.part_ktco2e) * if(shares.unite = 't', 1000, 1) as maximum,
    shares.unite,
    shares.repose_sur_une_seule_cle as une_seule_cle,
    shares.levier_id
from shares
inner join vues.dim_levier as levers on shares.levier_id = levers.levier_id
order by shares.territoire_id asc, shares.rang asc

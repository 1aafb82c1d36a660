-- Keys of a territory's part of each regional target: the key that is kept, the others, and their parts.
with keys as (
    select
        territoire_id,
        levier_id,
        region_id,
        list({
            'cle': cle,
            'annee': annee_cle,
            'part_ktco2e': part_ktco2e,
            'est_dans_la_fourchette': est_dans_la_fourchette
        } order by rang, cle) as autres
    from vues.fait_part_cle
    where not est_retenue
    group by all
)

select
    shares.territoire_id,
    shares.levier_id,
    shares.levier,
    shares.region,
    shares.cible_region_ktco2e,
    shares.part_ktco2e,
    shares.part_min_ktco2e,
    shares.part_max_ktco2e,
    shares.repose_sur_une_seule_cle,
    shares.cle,
    shares.annee_cle,
    shares.est_approchee,
    shares.motif_approchee,
    shares.situe_les_sites,
    shares.depasse_les_emissions,
    coalesce(keys.autres, []) as autres
from vues.fait_part as shares
left join keys
    on
        shares.territoire_id = keys.territoire_id
        and shares.levier_id = keys.levier_id
        and shares.region_id = keys.region_id
where shares.cle_id is not null
order by shares.territoire_id asc, shares.part_ktco2e desc nulls last, shares.levier asc, shares.region_id asc

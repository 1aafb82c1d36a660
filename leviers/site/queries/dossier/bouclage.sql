-- Do the ambitions of the territories of a region add up to what the State asks of it?
select
    sums.region_id as territoire_id,
    sums.levier_id,
    sums.levier,
    sums.levier_id in (select readings.levier_id from vues.fait_lecture as readings) as a_une_page,
    sums.horizon,
    sums.mesure_libelle,
    vues.echelle(
        sums.unite,
        greatest(abs(sums.cible_region), abs(sums.nouvelle_ambition), abs(sums.nouvelle_ambition_region))
    ) as echelle,
    sums.cible_region,
    sums.nouvelle_ambition_region,
    sums.territoires_comptes,
    sums.motif_non_comptes,
    sums.nouvelle_ambition,
    sums.bouclage_pct,
    sums.part_cible_couverte_pct
from vues.cop_bouclage as sums
where
    sums.niveau = 'ensemble'
    and (sums.nouvelle_ambition is not null or sums.nouvelle_ambition_region is not null)
order by territoire_id, sums.levier, sums.horizon, sums.mesure

-- Do the ambitions of the territories of a region add up to what the State asks of it?
select
    region_id as territoire_id,
    levier_id,
    levier,
    levier_id in (select readings.levier_id from vues.fait_lecture as readings) as a_une_page,
    horizon,
    mesure_libelle,
    unite,
    cible_region,
    nouvelle_ambition_region,
    territoires_comptes,
    motif_non_comptes,
    nouvelle_ambition,
    bouclage_pct,
    part_cible_couverte_pct
from vues.cop_bouclage
where niveau = 'ensemble' and (nouvelle_ambition is not null or nouvelle_ambition_region is not null)
order by territoire_id, levier, horizon, mesure

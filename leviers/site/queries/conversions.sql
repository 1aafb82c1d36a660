-- The actions of a territory in tonnes, those that convert, from the largest of what is asked here.
select
    parts.territoire_id,
    conversions.action_id,
    conversions.libelle,
    if(
        count(*) over (partition by parts.territoire_id, conversions.action_id) > 1, conversions.region, null
    ) as region,
    conversions.unite,
    conversions.t_par_unite,
    1000 * parts.part_ktco2e as part_tonnes,
    1000 * parts.part_ktco2e / conversions.t_par_unite as part_quantite,
    conversions.quantite_2019 * parts.part_pct / 100 as quantite_2019
from vues.fait_conversion as conversions
inner join vues.fait_part as parts
    on
        conversions.levier_id = parts.levier_id
        and conversions.region_id = parts.region_id
where parts.niveau <> 'region' and parts.part_ktco2e > 0 and conversions.t_par_unite is not null
order by
    parts.territoire_id asc,
    parts.part_ktco2e desc,
    conversions.action_id asc

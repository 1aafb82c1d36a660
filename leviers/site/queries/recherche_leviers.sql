-- Each lever followed here, the one of which the State asks most first; by its short name where another one has the
-- same.
with cibles as (
    select
        levier_id,
        sum(part_ktco2e) as cible_ktco2e
    from vues.fait_part
    where niveau = 'region'
    group by levier_id
)

select
    'leviers/' || leviers.levier_id || '.html' as adresse,
    if(count(*) over (partition by leviers.levier) > 1, leviers.levier_court, leviers.levier) as nom,
    'levier' as genre,
    [leviers.levier_court] as mots
from vues.dim_levier as leviers
left join cibles on leviers.levier_id = cibles.levier_id
where leviers.levier_id in (select suivis.levier_id from vues.fait_lecture as suivis)
order by cibles.cible_ktco2e desc nulls last, leviers.levier_id asc

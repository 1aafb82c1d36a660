-- Each lever followed here with the words that lead to it, the one of which the State asks most first;
-- by its short name where another one has the same.
with cibles as (
    select
        levier_id,
        sum(cible_ktco2e) as cible_ktco2e
    from vues.cop_objectifs
    where niveau = 'region'
    group by levier_id
)

select
    'leviers/' || leviers.levier_id || '.html' as adresse,
    if(count(*) over (partition by leviers.levier) > 1, leviers.levier_court, leviers.levier) as nom,
    'levier' as genre,
    [leviers.levier_court]
    || coalesce(list(mots.mot order by mots.mot) filter (where mots.mot is not null), []) as mots
from vues.dim_levier as leviers
left join vues.pont_levier_mot as mots on leviers.levier_id = mots.levier_id
left join cibles on leviers.levier_id = cibles.levier_id
where leviers.levier_id in (select suivis.levier_id from vues.fait_lecture as suivis)
group by leviers.levier_id, leviers.levier, leviers.levier_court, cibles.cible_ktco2e
order by cibles.cible_ktco2e desc nulls last, leviers.levier_id asc

-- The rates that the home page may map, by level, of the levers that are judged, what is asked of most first.
select
    rates.niveau,
    rates.levier_id
from made."taux_choisis.sql" as rates
inner join vues.fait_lecture as readings on rates.levier_id = readings.levier_id
inner join vues.fait_part as shares
    on readings.levier_id = shares.levier_id and readings.territoire_id = shares.territoire_id
where readings.niveau = 'region' and shares.part_ktco2e is not null
group by rates.niveau, rates.levier_id
having bool_or(readings.lecture <> 'not_judged')
order by rates.niveau asc, sum(shares.part_ktco2e) desc, rates.levier_id asc

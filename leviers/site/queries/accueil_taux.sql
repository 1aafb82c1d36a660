-- The rates that the home page may map, by level, of the levers that are judged, what is asked of most first.
select
    rates.niveau,
    rates.levier_id
from vues.fait_taux as rates
inner join vues.fait_apercu as shown on rates.levier_id = shown.levier_id
inner join vues.fait_part as shares
    on shown.levier_id = shares.levier_id and shown.territoire_id = shares.territoire_id
where shown.niveau = 'region' and shares.part_ktco2e is not null
group by rates.niveau, rates.levier_id
having bool_or(shown.est_juge)
order by rates.niveau asc, sum(shares.part_ktco2e) desc, rates.levier_id asc

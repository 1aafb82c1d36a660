-- Each page on no territory and no lever that a word leads to, with its words.
select
    page,
    list(mot order by mot) as mots
from vues.pont_levier_mot
where page is not null
group by page
order by page

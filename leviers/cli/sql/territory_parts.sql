-- The regions of a territory of several, with its communes in each.
select
    partie,
    communes,
    communes_en_tout
from vues.pont_territoire_partie
where niveau_partie = 'region' and niveau = $level and code_territoire = $code
order by communes desc

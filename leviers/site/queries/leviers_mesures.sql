-- The levers that a series measures in a territory.
select
    shown.territoire_id,
    levers.levier_court as nom
from made."montre.sql" as shown
inner join vues.dim_levier as levers on shown.levier_id = levers.levier_id
where shown.valeur is not null
order by shown.territoire_id, levers.levier_court

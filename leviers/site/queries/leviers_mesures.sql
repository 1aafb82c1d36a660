-- The levers that a series measures in a territory.
select
    territoire_id,
    levers.levier_court as nom
from vues.cop_diagnostic as shown
inner join vues.dim_levier as levers using (levier_id)
where shown.valeur is not null
order by territoire_id, nom

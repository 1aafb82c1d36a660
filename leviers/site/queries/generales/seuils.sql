-- The numbers that rules compare with.
select
    code,
    valeur,
    unite
from vues.dim_seuil
order by code

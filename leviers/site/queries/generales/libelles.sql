-- What each code is called, by the column that holds it.
select
    domaine,
    code,
    libelle
from vues.dim_libelle
order by domaine, code

-- Labels of codes.
select
    domaine,
    code,
    libelle
from vues.dim_libelle
order by domaine, code

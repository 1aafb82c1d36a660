-- What codes are called.
from vues.dim_libelle
order by domaine, code

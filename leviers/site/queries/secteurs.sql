-- What a sector is called beside a bar, and as what weighs in a title.
select
    short_names.code as secteur,
    short_names.libelle as court,
    subjects.libelle as sujet
from vues.dim_libelle as short_names
inner join vues.dim_libelle as subjects on short_names.code = subjects.code
where short_names.domaine = 'sector_short' and subjects.domaine = 'sector_subject'
order by short_names.code

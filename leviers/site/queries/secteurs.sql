-- Names of a sector: for the label of a bar, and for a title on the heaviest.
select
    short_names.code as secteur,
    short_names.libelle as court,
    subjects.libelle as sujet
from vues.dim_libelle as short_names
inner join vues.dim_libelle as subjects on short_names.code = subjects.code
where short_names.domaine = 'sector_short' and subjects.domaine = 'sector_subject'
order by short_names.code

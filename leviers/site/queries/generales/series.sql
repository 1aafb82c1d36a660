-- The series that have values.
select
    indicateur_id,
    indicateur,
    unite,
    premiere_annee,
    derniere_annee,
    niveaux_avec_valeurs,
    jeu_id,
    source
from vues.dim_indicateur
where a_des_valeurs
order by indicateur, indicateur_id

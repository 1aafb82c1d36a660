-- The doubts on values, kind by kind; of breaks and years, one row for all territories that share it.
select
    constat,
    constat_libelle,
    indicateur,
    unite,
    annee,
    motif,
    bool_or(est_ecartee) as est_ecartee,
    count(territoire_id) as territoires,
    min(territoire) as territoire,
    if(count(territoire_id) <= 1, any_value(valeur), null) as valeur,
    if(count(territoire_id) <= 1, any_value(valeur_comparee), null) as valeur_comparee
from vues.fait_qualite
group by constat, constat_libelle, indicateur, unite, annee, motif
order by constat_libelle, indicateur, annee, motif

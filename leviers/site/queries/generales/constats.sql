-- The doubts on values, kind by kind; of breaks and years, one row for all territories that share it.
with findings as (
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
)

select
    * exclude (unite),
    vues.echelle(unite, greatest(abs(valeur), abs(valeur_comparee))) as echelle
from findings
order by constat_libelle, indicateur, annee, motif

-- Checks of the last run, with their results.
select
    garde_libelle as garde,
    gravite_libelle as gravite,
    resultat_libelle as resultat,
    count(*) as nombre
from vues.fait_controle
group by garde_libelle, gravite_libelle, resultat_libelle
order by garde_libelle, gravite_libelle, resultat_libelle

-- À ce rythme, où en 2030, et quand la cible est-elle atteinte ?
-- Réponse : La valeur de 2030 si la série continue comme depuis son départ, ce qui manquerait à la cible, et
--   les années qui l'atteindraient ; `base` dit quelle cible : celle de l'État, ou ce que le rythme national
--   donnerait ici. `sans_prolongement` dit pourquoi la méthode ne trace pas la droite.
-- Piège : Une année lue sur la seule droite cacherait sa bande : `annee_atteinte_au_plus_tot` et
--   `_au_plus_tard` la disent, et une année vide veut dire que le rythme n'y mène pas.
select
    levier,
    indicateur,
    unite,
    round(valeur_prolongee, 1) as valeur_en_2030,
    round(valeur_visee, 1) as valeur_visee,
    base_libelle as base,
    round(manque, 1) as manque,
    annee_atteinte_au_plus_tot,
    annee_atteinte,
    annee_atteinte_au_plus_tard,
    sans_prolongement
from vues.fait_trajectoire
where territoire_id = 'region:76' and annee = 2030 and annee_visee = 2030 and valeur_depart is not null
order by est_prolongee desc, levier

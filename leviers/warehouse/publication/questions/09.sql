-- À ce rythme, où en 2030, et quand la cible est-elle atteinte ?
-- Réponse : La valeur de 2030 si la série continue comme depuis son départ, ce qui manquerait à la cible, et
--   les années qui l'atteindraient ; `base` dit quelle cible : celle de l'État, ou ce que le rythme national
--   donnerait ici. `sans_prolongement` dit pourquoi la méthode ne trace pas la droite.
-- Piège : Une année lue sur la seule droite cacherait sa bande : `annee_atteinte_au_plus_tot` et
--   `_au_plus_tard` la disent, et une année vide veut dire que le rythme n'y mène pas.
select
    p.levier,
    p.indicateur,
    p.unite,
    round(p.valeur_prolongee, 1) as valeur_en_2030,
    round(p.valeur_visee, 1) as valeur_visee,
    l.base_libelle as base,
    round(p.manque, 1) as manque,
    p.annee_atteinte_au_plus_tot,
    p.annee_atteinte,
    p.annee_atteinte_au_plus_tard,
    p.sans_prolongement
from vues.fait_prolongement as p
inner join vues.fait_lecture as l using (levier_id, territoire_id)
where p.territoire_id = 'region:76' and p.annee_visee = 2030
order by p.est_prolongee desc, p.levier

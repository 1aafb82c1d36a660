-- Quels leviers portent sur la biodiversité, et lesquels sont suivis ?
-- Réponse : Tous les leviers de la thématique, chiffrés ou non : ceux de la COP, de l'adaptation et de la
--   liste de 2026.
-- Piège : Un levier sans cible n'est pas un levier sans suivi : `a_une_serie_ici` le dit, `est_chiffre` non.
--   Les listes se recoupent : leurs leviers ne se comptent pas ensemble.
select
    levier,
    levier_court,
    liste_libelle,
    chantier,
    s_applique_ici,
    a_une_serie_ici,
    est_chiffre
from vues.dim_levier
where thematique_id = 'preserver'
order by a_une_serie_ici desc, liste_libelle, levier

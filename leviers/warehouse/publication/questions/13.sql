-- Quelles lectures changeraient avec une marge de 2 % ?
-- Réponse : Les lignes dont l'écart est d'un côté de l'incertitude publiée et de l'autre d'une marge de 2 %
--   de la trajectoire.
-- Piège : Une marge choisie à la main peut faire conclure là où l'incertitude mesurée l'interdit.
select
    territoire,
    levier,
    lecture_libelle as lecture,
    unite,
    round(ecart, 2) as ecart,
    round(incertitude, 2) as incertitude,
    round(0.02 * abs(valeur_attendue), 2) as marge_de_2_pct,
    incertitude >= abs(ecart) as est_dans_l_incertitude
from vues.fait_lecture
where
    lecture <> 'not_judged'
    and (abs(ecart) > incertitude) <> (abs(ecart) > 0.02 * abs(valeur_attendue))
order by territoire, levier

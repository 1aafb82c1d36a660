-- Que couvre la cible d'un levier ?
-- Réponse : Ce que l'État demande du levier, en émissions évitées et en grandeur physique, avec les
--   précisions de sa source.
-- Piège : « Niveau à atteindre » et « évolution depuis 2019 » ne se comparent pas : `mesure` dit lequel des
--   deux une cible est.
select
    l.levier,
    l.secteur,
    c.mesure,
    round(c.valeur, 1) as valeur,
    c.unite,
    l.note_cible,
    c.origine
from vues.dim_levier as l
inner join vues.fait_cible as c using (levier_id)
where c.territoire_id = 'region:76' and l.thematique_id = 'se_loger'
order by l.levier, c.mesure

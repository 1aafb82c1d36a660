-- Où en est la région à côté des autres, pour un levier ?
-- Réponse : Chaque série qui mesure le levier, rapportée aux habitants ou à la superficie, face aux régions
--   semblables et limitrophes.
-- Piège : Sans `role = 'measure'`, des séries qui ne font qu'accompagner le levier se mêleraient à celles qui
--   le mesurent.
select
    c.territoire,
    c.indicateur,
    c.annee,
    round(c.valeur, 3) as valeur,
    c.unite,
    round(c.mediane_semblables, 3) as mediane_semblables,
    c.rang_parmi_semblables,
    c.semblables,
    c.rang_parmi_limitrophes
from vues.fait_comparaison as c
inner join vues.pont_levier_indicateur as p using (indicateur_id)
where
    c.territoire_id = 'region:76'
    and p.levier_id = 'energie_electricite_renouvelable'
    and p.role = 'measure'
order by c.indicateur

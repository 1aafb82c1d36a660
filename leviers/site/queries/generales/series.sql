-- The series that have values, those that nothing is read of among them: their years and levels are empty.
select
    indicators.indicateur_id,
    indicators.indicateur,
    indicators.unite,
    indicators.premiere_annee,
    indicators.derniere_annee,
    indicators.niveaux_avec_valeurs,
    indicators.jeu_id,
    indicators.source
from vues.dim_indicateur as indicators
semi join vues.fait_observation as observed
    on indicators.indicateur_id = observed.indicateur_id and observed.valeur is not null
order by indicators.indicateur, indicators.indicateur_id

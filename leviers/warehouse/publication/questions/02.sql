-- De combien les points de recharge ont-ils augmenté depuis 2019 ?
-- Réponse : Une évolution par série, de sa première à sa dernière année : jamais d'une série à l'autre. D'une
--   série d'une seule année, elle est vide.
-- Piège : Deux séries ne se raccordent pas : de la première de l'une à la dernière de l'autre, la hausse
--   serait inventée.
select
    indicateur,
    min(annee) as de,
    arg_min(valeur, annee) as valeur_de_depart,
    max(annee) as a,
    arg_max(valeur, annee) as derniere_valeur,
    case
        when max(annee) > min(annee)
            then round(100 * (arg_max(valeur, annee) / nullif(arg_min(valeur, annee), 0) - 1), 1)
    end as evolution_pct,
    min(completude_pct) as completude_la_plus_basse_pct,
    any_value(j.source) as source
from vues.fait_observation
inner join vues.dim_jeu as j using (jeu_id)
where
    territoire_id = 'departement:34'
    and unite = 'points de charge'
    and annee >= 2019
    and est_utilisable
group by indicateur_id, indicateur
order by indicateur

{{ config(tags=['star']) }}

select
    territoire_id,
    niveau,
    code_territoire,
    territoire,
    indicateur_id,
    indicateur,
    annee,
    date_observation,
    valeur,
    unite,
    est_additif,
    statut,
    est_utilisable,
    est_la_derniere,
    est_une_rupture,
    nature_valeur,
    completude_pct,
    est_provisoire,
    confiance,
    reserves,
    jeu_id,
    fichier_id
from {{ ref('fait_observation') }}
where est_la_derniere

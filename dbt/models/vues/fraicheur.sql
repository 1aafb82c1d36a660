select
    jeu_id,
    jeu,
    source as producteur,
    licence,
    cadence,
    nombre_fichiers,
    derniere_recuperation,
    age_fichier_jours as age_jours,
    est_en_retard as est_a_rafraichir,
    derniere_periode_observee as derniere_date_observee,
    age_observation_jours,
    est_verifiee as source_verifiee
from {{ ref('fait_fraicheur') }}

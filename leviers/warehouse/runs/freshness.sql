select
    jeu_id,
    {
        'last_observed': derniere_periode_observee,
        'observation_age_days': age_observation_jours,
        'cadence_days': cadence_jours,
        'expected_by': prochaine_attendue_le,
        'is_late': est_en_retard
    } as ages
from vues.fait_fraicheur

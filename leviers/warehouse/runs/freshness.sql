-- The view has the ages of the day of the publication; these are of today.
select
    jeu_id,
    {
        'last_observed': derniere_periode_observee,
        'observation_age_days': date_diff('day', derniere_periode_observee, $today),
        'cadence_days': cadence_jours,
        'expected_by': prochaine_attendue_le,
        'is_late': $today > prochaine_attendue_le
    } as ages
from vues.dim_jeu
where nombre_fichiers is not null

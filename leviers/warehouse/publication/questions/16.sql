-- Les engagements d'un territoire couvrent-ils sa part ?
-- Réponse : Ce que les engagements en vigueur font ensemble, à côté de la part indicative. Chacun est dans
--   `fait_engagement`.
-- Piège : Rien de saisi n'est pas zéro : les colonnes sont vides tant qu'aucun engagement n'est entré.
select
    levier,
    horizon,
    round(part_indicative_ktco2e, 2) as part_indicative_ktco2e,
    nombre_engagements,
    nouvelle_ambition_ktco2e,
    round(ecart_a_la_part_ktco2e, 2) as ecart_a_la_part_ktco2e,
    nouvelle_ambition_physique,
    unite_physique,
    actions,
    remarque
from vues.cop_feuille_de_route
where territoire_id = 'epci:243100518'
order by nombre_engagements desc, part_indicative_ktco2e desc

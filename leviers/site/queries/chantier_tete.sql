-- The levers of a chantier in each region, what is asked of most first.
select
    levers.chantier_id,
    readings.territoire_id,
    readings.territoire,
    readings.levier_id,
    levers.levier,
    levers.levier_court,
    'leviers/' || readings.levier_id || '.html' as lien,
    levers.confiance_chantier,
    readings.lecture,
    readings.lecture_libelle,
    readings.tendance,
    readings.tendance_libelle,
    readings.part_faite,
    readings.part_attendue,
    readings.part_incertitude,
    readings.base in ('national', 'indicative') as est_indicatif,
    shares.part_ktco2e as demande_ktco2e,
    1 as leviers
from vues.fait_lecture as readings
inner join vues.dim_levier as levers using (levier_id)
left join vues.fait_part as shares using (levier_id, territoire_id)
where readings.niveau = 'region'
order by levers.chantier_id ASC, readings.territoire ASC, demande_ktco2e desc nulls last, readings.levier_id ASC

-- The levers of a chantier in each region, what is asked of most first.
select
    levers.chantier_id,
    readings.territoire_id,
    readings.territoire,
    readings.levier_id,
    levers.levier,
    levers.levier_court,
    shown.nom,
    readings.manque_sur_ktco2e,
    readings.confiance,
    levers.confiance_chantier,
    readings.lecture,
    readings.lecture_libelle,
    readings.tendance,
    readings.tendance_libelle,
    shown.part_faite,
    shown.part_attendue,
    shown.part_incertitude,
    shown.est_indicatif,
    shares.part_ktco2e as demande_ktco2e
from vues.fait_lecture as readings
inner join made."montre.sql" as shown
    on readings.levier_id = shown.levier_id and readings.territoire_id = shown.territoire_id
inner join vues.dim_levier as levers on readings.levier_id = levers.levier_id
left join vues.fait_part as shares
    on readings.levier_id = shares.levier_id and readings.territoire_id = shares.territoire_id
where readings.niveau = 'region'
order by
    levers.chantier_id asc,
    readings.territoire asc,
    shares.part_ktco2e desc nulls last,
    readings.levier_id asc

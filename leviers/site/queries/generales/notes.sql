-- The readings that have a grade, with what each lacks.
with doubts as (
    select
        territoire_id,
        levier_id,
        string_agg(rtrim(doute, '.'), ' ; ' order by poids desc nulls last, doute_code asc) as doutes
    from vues.fait_doute
    where est_affiche and poids is not null
    group by territoire_id, levier_id
)

select
    readings.confiance,
    readings.niveau || '-' || readings.code_territoire as fichier,
    readings.territoire,
    readings.levier,
    readings.lecture,
    readings.lecture_libelle,
    readings.tendance,
    readings.tendance_libelle,
    readings.base_libelle,
    doubts.doutes
from vues.fait_lecture as readings
left join doubts
    on readings.territoire_id = doubts.territoire_id and readings.levier_id = doubts.levier_id
where readings.confiance is not null
order by readings.confiance asc, readings.niveau desc, readings.territoire asc, readings.levier asc

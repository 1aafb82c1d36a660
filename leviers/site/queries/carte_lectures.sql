-- The readings with their leans: of one that may lean, those that the file has.
with leaning as (
    select distinct
        readings.lecture as code,
        readings.tendance,
        readings.lecture_libelle as libelle,
        readings.tendance_libelle
    from vues.fait_lecture as readings
    where readings.tendance is not null
)

select
    labels.code,
    leaning.tendance,
    labels.libelle,
    leaning.tendance_libelle
from vues.dim_libelle as labels
left join leaning on labels.code = leaning.code
where labels.domaine = 'reading'
order by all

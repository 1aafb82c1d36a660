-- Demand on each region by reading, and the readings of its levers.
with parts as (
    select
        territoire_id,
        lecture,
        lecture_libelle,
        sum(demande_ktco2e)::double as demande_ktco2e
    from vues.fait_demande
    where niveau = 'region'
    group by all
),

region_parts as (
    select
        parts.territoire_id,
        list({
            'lecture': parts.lecture,
            'lecture_libelle': parts.lecture_libelle,
            'part_pct': 100 * parts.demande_ktco2e / summaries.demande_ktco2e
        } order by parts.demande_ktco2e desc) as parts
    from parts
    inner join vues.fait_resume as summaries on parts.territoire_id = summaries.territoire_id
    group by all
)

select
    summaries.territoire_id,
    territories.territoire,
    summaries.niveau || '-' || territories.code_territoire as fichier,
    summaries.leviers,
    summaries.juges,
    summaries.en_retard + summaries.a_contresens as en_retard,
    summaries.demande_ktco2e::double as demande_ktco2e,
    coalesce(region_parts.parts, []) as parts
from vues.fait_resume as summaries
inner join vues.dim_territoire as territories on summaries.territoire_id = territories.territoire_id
left join region_parts on summaries.territoire_id = region_parts.territoire_id
where summaries.niveau = 'region'
order by territories.territoire

-- The regions of a site of several: how their levers read, and what is missing to judge the others.
select
    '' as cle,
    summaries.territoire_id,
    regions.territoire,
    'region-' || regions.code_territoire as fichier,
    summaries.leviers,
    summaries.juges,
    summaries.en_retard,
    summaries.a_contresens,
    summaries.incertains,
    summaries.sur_la_ligne,
    summaries.non_juges,
    summaries.non_mesures,
    summaries.demande_ktco2e::double as demande_ktco2e,
    summaries.demande_jugee_ktco2e / nullif(summaries.demande_ktco2e, 0) as part_jugee,
    summaries.manque,
    summaries.manques
from vues.fait_resume as summaries
inner join vues.dim_territoire as regions on summaries.territoire_id = regions.territoire_id
where summaries.niveau = 'region'
qualify count(*) over () > 1
order by strip_accents(regions.territoire)

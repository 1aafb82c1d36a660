-- The regions of a site of several: how their levers read, and what is missing to judge the others.
select
    '' as cle,
    territoire_id,
    territoire,
    'region-' || code_territoire as fichier,
    leviers,
    juges,
    en_retard,
    a_contresens,
    incertains,
    sur_la_ligne,
    non_juges,
    non_mesures,
    demande_ktco2e::double as demande_ktco2e,
    demande_jugee_ktco2e / nullif(demande_ktco2e, 0) as part_jugee,
    manque,
    manques
from vues.fait_region
qualify count(*) over () > 1
order by strip_accents(territoire)

-- The home page: one row, and how often a lever has which reading in a region.
select
    '' as cle,
    'index' as fichier,
    'La planification écologique, près de chez vous' as titre,
    count(*) as regions,
    sum(leviers)::integer as leviers,
    sum(juges)::integer as juges,
    sum(en_retard)::integer as en_retard,
    sum(a_contresens)::integer as a_contresens,
    sum(incertains)::integer as incertains,
    sum(sur_la_ligne)::integer as sur_la_ligne
from vues.fait_resume
where niveau = 'region'

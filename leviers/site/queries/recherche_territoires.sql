-- Each territory that has a page, the most populated first, with the words that lead to it.
select
    'territoires/' || niveau || '-' || code_territoire || '.html' as adresse,
    territoire as nom,
    niveau_libelle as genre,
    list_filter([code_territoire, type_juridique], lambda word: word is not null) as mots
from vues.dim_territoire
where niveau <> 'commune'
order by population_recente desc nulls last, territoire_id asc

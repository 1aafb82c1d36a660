-- Each commune as a line, the most populated first: its name, INSEE code and departement, the place, in
-- `recherche_territoires`, of the page that it has, which is that of its EPCI, and its postal codes.
with pages as (
    select
        territoire_id,
        row_number() over (order by population_recente desc nulls last, territoire_id asc) - 1 as place
    from vues.dim_territoire
    where niveau <> 'commune'
)

select
    concat_ws(
        '|',
        communes.territoire,
        communes.code_territoire,
        coalesce(split_part(communes.departement_id, ':', 2), ''),
        pages.place,
        coalesce(communes.codes_postaux, '')
    ) as ligne
from vues.dim_territoire as communes
inner join pages on coalesce(communes.epci_id, communes.departement_id) = pages.territoire_id
where communes.niveau = 'commune'
order by communes.population_recente desc nulls last, communes.territoire_id asc

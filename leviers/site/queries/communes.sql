-- The communes whose EPCI has a page, with their own newest values.
with newest as (
    select
        territoire_id,
        indicateur_id,
        annee,
        valeur
    from vues.fait_observation
    where
        niveau = 'commune'
        and indicateur_id in (
            'enaf_consumption', 'capacity_solar', 'dwellings_main', 'public_transport_commuting_share_anct'
        )
        and valeur is not null
    qualify row_number() over (partition by territoire_id, indicateur_id order by annee desc) = 1
),

measured as (
    select
        newest.territoire_id,
        list(
            {
                'indicateur': indicators.indicateur_court,
                'unite': indicators.unite,
                'annee': newest.annee,
                'valeur': newest.valeur
            }
            order by indicators.indicateur_court
        ) as valeurs
    from newest
    inner join vues.dim_indicateur as indicators on newest.indicateur_id = indicators.indicateur_id
    group by newest.territoire_id
)

select
    communes.epci_id,
    communes.code_territoire as code,
    communes.territoire,
    communes.population_recente as population,
    coalesce(measured.valeurs, []) as valeurs
from vues.dim_territoire as communes
semi join vues.fait_lecture as shown on communes.epci_id = shown.territoire_id
left join measured on communes.territoire_id = measured.territoire_id
where communes.niveau = 'commune'
order by communes.epci_id asc, communes.population_recente desc nulls last, communes.territoire_id asc

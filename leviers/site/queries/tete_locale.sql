-- Description of an EPCI or a grouping with its first obligation: a row per territory.
with parts as (
    select
        territories.territoire_id,
        coalesce(parts.partie_id, territories.departement_id) as departement_id,
        coalesce(parts.partie, territories.departement) as departement,
        coalesce(parts.population, 0) as population
    from vues.dim_territoire as territories
    left join vues.pont_territoire_partie as parts
        on territories.territoire_id = parts.territoire_id and parts.niveau_partie = 'departement'
),

pages as (
    select
        territoire_id,
        code_territoire
    from vues.dim_territoire
    where territoire_id in (select readings.territoire_id from vues.fait_lecture as readings)
),

departements as (
    select
        parts.territoire_id,
        list({
            nom: parts.departement, fichier: 'departement-' || pages.code_territoire
        } order by parts.population desc, parts.departement asc) as departements
    from parts
    left join pages on parts.departement_id = pages.territoire_id
    where parts.departement is not null
    group by parts.territoire_id
),

-- For an EPCI astride regions, emissions and shares count a part of it.
astride as (
    select
        territoire_id,
        any_value(partie) as region,
        any_value(part_population) as part_population
    from vues.pont_territoire_partie
    where est_demandee
    group by territoire_id
)

select
    territories.territoire_id,
    departements.departements,
    territories.niveau_libelle,
    territories.population_recente as population,
    astride.region as region_de_la_part,
    astride.part_population,
    plans.reponse as plan_climat
from vues.dim_territoire as territories
left join departements on territories.territoire_id = departements.territoire_id
left join astride on territories.territoire_id = astride.territoire_id
left join vues.fait_obligation as plans
    on territories.territoire_id = plans.territoire_id and plans.obligation_id = 'climate_plan'
where territories.niveau not in ('commune', 'departement', 'region')
order by territories.territoire_id

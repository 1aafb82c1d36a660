-- What an EPCI or a grouping is, and what the law asks of it first: a row per territory.
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

departements as (
    select
        parts.territoire_id,
        list({
            nom: parts.departement, fichier: if(pages.territoire_id is null, null, 'departement-' || pages.code_territoire)
        } order by parts.population desc, parts.departement ASC) as departements
    from parts
    left join (select * from vues.dim_territoire semi join vues.fait_lecture using (territoire_id)) as pages
        on parts.departement_id = pages.territoire_id
    where parts.departement is not null
    group by parts.territoire_id
),

-- Of an EPCI astride regions, emissions and shares are those of a part of it.
astride as (
    select
        parts.territoire_id,
        max_by(parts.partie, shares.region_id is not null) as region,
        max_by(parts.part_population, shares.region_id is not null) as part_population
    from vues.pont_territoire_partie as parts
    inner join (select distinct
        territoire_id,
        region_id
    from vues.fait_part) as shares
        on parts.territoire_id = shares.territoire_id and parts.partie_id = shares.region_id
    where parts.niveau_partie = 'region'
    group by parts.territoire_id
)

select
    territories.territoire_id,
    departements.departements,
    territories.niveau_libelle,
    territories.population,
    astride.region as region_de_la_part,
    astride.part_population,
    plans.reponse as plan_climat
from vues.dim_territoire as territories
left join departements using (territoire_id)
left join astride using (territoire_id)
left join vues.fait_obligation as plans
    on territories.territoire_id = plans.territoire_id and plans.obligation_id = 'climate_plan'
where territories.niveau not in ('commune', 'departement', 'region')

-- The columns of the sheet of what is asked: a row per lever, territory, region and measure. The first two are its keys.
select
    levier_id,
    territoire_id,
    territories.niveau_libelle as "niveau",
    shares.code_territoire as "code",
    shares.territoire as "territoire",
    shares.levier as "levier",
    case when shares.niveau = 'region' then 'émissions évitées' else 'émissions évitées, part calculée' end as "mesure",
    shares.part_ktco2e as "valeur en 2030",
    'ktCO₂e par an' as "unité",
    shares.cle as "clé",
    case
        when shares.niveau = 'region' then 'SGPE, simulateur territorial des COP : données de travail'
        else 'part indicative, calculée par la clé : ni une obligation ni une évaluation'
    end as "origine"
from vues.fait_part as shares
inner join vues.dim_territoire as territories using (territoire_id)
where shares.part_ktco2e is not null
union all
select
    levier_id,
    territoire_id,
    territories.niveau_libelle,
    objectives.code_territoire,
    objectives.territoire,
    objectives.levier,
    objectives.nature_cible,
    objectives.cible,
    objectives.unite_cible,
    null,
    'SGPE, simulateur territorial des COP : données de travail'
from vues.cop_objectifs as objectives
inner join vues.dim_territoire as territories using (territoire_id)
where objectives.cible is not null
order by all

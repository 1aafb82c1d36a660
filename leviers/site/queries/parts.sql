-- The part of each lever in what its region is asked, as the kept key divides it, beside the other keys and equal parts
-- per inhabitant. Levers that the territory decides come first, then those in which it has a share; in each, the largest.
with equal_parts as (
    select
        levier_id,
        territoire_id,
        region_id,
        part_ktco2e
    from vues.fait_part_cle
    where cle_id = 'population'
)

select
    parts.territoire_id,
    parts.levier_id,
    levers.levier_court as nom,
    coalesce(held.role, 'none') as qui,
    row_number() over (
        partition by parts.territoire_id, coalesce(held.role, 'none')
        order by parts.part_ktco2e desc, parts.levier_id asc
    ) as rang,
    parts.part_ktco2e as valeur,
    1e6 * parts.part_ktco2e / nullif(parts.population_de_la_part, 0) as par_habitant_kg,
    coalesce(parts.part_min_ktco2e, parts.part_ktco2e) as minimum,
    coalesce(parts.part_max_ktco2e, parts.part_ktco2e) as maximum,
    equal_parts.part_ktco2e as repere,
    parts.phrase,
    parts.phrase_echelle,
    if(parts.nature_quantite = 'none', shown.nom, null) as serie,
    shown.valeur * shown.facteur_affichage as valeur_ici,
    shown.decimales,
    shown.unite_affichee,
    shown.annee
from vues.fait_part as parts
inner join vues.dim_levier as levers on parts.levier_id = levers.levier_id
inner join made."montre.sql" as shown
    on
        parts.levier_id = shown.levier_id
        and parts.territoire_id = shown.territoire_id
        and parts.region_id = shown.region_id
left join vues.fait_competence as held
    on parts.levier_id = held.levier_id and parts.territoire_id = held.territoire_id
left join equal_parts
    on
        parts.levier_id = equal_parts.levier_id
        and parts.territoire_id = equal_parts.territoire_id
        and parts.region_id = equal_parts.region_id
where parts.niveau <> 'region' and parts.part_ktco2e is not null
order by
    parts.territoire_id asc,
    list_position(['decide', 'share', 'none'], coalesce(held.role, 'none')) asc,
    parts.part_ktco2e desc,
    parts.levier_id asc

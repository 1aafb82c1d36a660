-- Quelles intercommunalités sont à cheval, et comment les compter une fois ?
-- Réponse : Les intercommunalités à cheval sur plusieurs régions ou départements, une ligne par partie ;
--   ailleurs, `fait_observation` les compte entières, une seule fois.
-- Piège : La somme des intercommunalités dépasse celle de la région : pour un total, additionner les
--   départements ou les communes.
select
    t.territoire,
    t.deborde_de_la_region,
    p.niveau_partie,
    p.partie,
    p.communes,
    p.communes_en_tout,
    p.population,
    t.population_recente as population_en_tout,
    round(100 * p.part_population, 1) as part_pct
from vues.dim_territoire as t
inner join vues.pont_territoire_partie as p using (territoire_id)
where t.niveau = 'epci'
order by t.deborde_de_la_region desc, t.territoire, p.niveau_partie desc, p.part_population desc

-- The first five parts of a territory, per inhabitant, beside those of the territories that are most like it.
with parts as (
    select *
    from made."parts.sql"
    where par_habitant_kg is not null
),

firsts as (
    select *
    from parts
    where valeur > 0
    qualify
        row_number() over (
            partition by territoire_id
            order by list_position(['decide', 'share', 'none'], qui) asc, valeur desc, levier_id asc
        ) <= 5
)

select
    firsts.territoire_id,
    firsts.nom,
    firsts.par_habitant_kg as valeur,
    min(neighbours.par_habitant_kg) as minimum,
    max(neighbours.par_habitant_kg) as maximum,
    median(neighbours.par_habitant_kg) as repere,
    list(links.voisin order by links.rang) as semblables
from firsts
inner join vues.pont_territoire_voisin as links
    on firsts.territoire_id = links.territoire_id and links.lien = 'semblable'
inner join parts as neighbours
    on links.voisin_id = neighbours.territoire_id and firsts.levier_id = neighbours.levier_id
group by firsts.territoire_id, firsts.nom, firsts.par_habitant_kg, firsts.qui, firsts.valeur
having count(*) >= 3
order by
    firsts.territoire_id asc,
    list_position(['decide', 'share', 'none'], firsts.qui) asc,
    firsts.valeur desc,
    firsts.nom asc

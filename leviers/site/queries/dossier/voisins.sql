-- A territory, those across its border and those most like it: what is known of the levers that are asked
-- most of it.
with measured as (
    select
        own.territoire_id,
        own.indicateur_id,
        own.unite,
        shares.part_ktco2e
    from vues.fait_valeur_comparee as own
    inner join vues.pont_levier_indicateur as links
        on own.indicateur_id = links.indicateur_id and links.role = 'measure'
    inner join vues.fait_part as shares
        on links.levier_id = shares.levier_id and own.territoire_id = shares.territoire_id
    qualify
        row_number() over (
            partition by own.territoire_id, links.levier_id
            order by links.rang asc, own.indicateur_id asc, shares.part_ktco2e desc nulls last
        ) = 1
),

-- The first series of each lever: five at most.
compared as (
    select
        measured.territoire_id,
        measured.indicateur_id,
        series.indicateur_court as indicateur,
        measured.unite,
        row_number() over (
            partition by measured.territoire_id
            order by max(measured.part_ktco2e) desc nulls last, measured.indicateur_id asc
        ) as colonne
    from measured
    inner join vues.dim_indicateur as series on measured.indicateur_id = series.indicateur_id
    group by measured.territoire_id, measured.indicateur_id, series.indicateur_court, measured.unite
    qualify colonne <= 5
),

others as (
    select
        territoire_id,
        territoire_id as autre_id,
        'ici' as lien,
        0 as rang
    from compared
    group by territoire_id
    union all
    select
        territoire_id,
        voisin_id,
        lien,
        coalesce(rang, 1) as rang
    from vues.pont_territoire_voisin
),

named as (
    select
        voisin_id as autre_id,
        voisin as autre,
        population
    from vues.pont_territoire_voisin
    union
    select
        territoire_id,
        territoire,
        population_recente
    from vues.dim_territoire
)

select
    others.territoire_id,
    others.lien,
    replace(others.autre_id, ':', '-') as autre_fichier,
    others.autre_id in (select readings.territoire_id from vues.fait_lecture as readings) as a_une_page,
    any_value(named.autre) as autre,
    any_value(named.population) as population,
    list({
        'indicateur': compared.indicateur,
        'unite': compared.unite,
        'valeur': known.valeur,
        'annee': known.annee,
        'est_entiere': known.est_entiere
    } order by compared.colonne) filter (where compared.indicateur_id is not null) as valeurs
from others
inner join named on others.autre_id = named.autre_id
left join compared on others.territoire_id = compared.territoire_id
left join vues.fait_valeur_comparee as known
    on others.autre_id = known.territoire_id and compared.indicateur_id = known.indicateur_id
group by others.territoire_id, others.lien, others.autre_id, others.rang
order by others.territoire_id, others.lien, others.rang, autre

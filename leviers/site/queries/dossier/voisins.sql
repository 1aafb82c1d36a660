-- A territory, those across its border and those most like it: what is known of the levers that are asked most of it.
with measured as (
    select
        own.territoire_id,
        own.indicateur_id,
        series.indicateur_court as indicateur,
        own.unite,
        links.levier_id,
        links.rang,
        max(shares.part_ktco2e) as part_ktco2e
    from vues.fait_valeur_comparee as own
    inner join vues.pont_levier_indicateur as links on own.indicateur_id = links.indicateur_id and links.role = 'measure'
    inner join vues.dim_indicateur_court as series on own.indicateur_id = series.indicateur_id
    inner join vues.fait_part as shares
        on own.territoire_id = shares.territoire_id and links.levier_id = shares.levier_id
    where own.valeur is not null
    group by own.territoire_id, own.indicateur_id, series.indicateur_court, own.unite, links.levier_id, links.rang
    qualify row_number() over (
        partition by own.territoire_id, links.levier_id order by links.rang, own.indicateur_id
    ) = 1
),

compared as (
    select
        territoire_id,
        indicateur_id,
        indicateur,
        unite,
        row_number() over (partition by territoire_id order by max(part_ktco2e) desc, indicateur_id) as colonne
    from measured
    group by territoire_id, indicateur_id, indicateur, unite
    qualify colonne <= 5
),

others as (
    select
        territoire_id,
        territoire_id as autre_id,
        'ici' as lien,
        0 as rang
    from compared
    group by all
    union all
    select
        territoire_id,
        limitrophe_id,
        'limitrophe',
        1
    from vues.pont_territoire_limitrophe
    union all
    select
        territoire_id,
        semblable_id,
        'semblable',
        rang
    from vues.pont_territoire_semblable
),

named as (
    select
        limitrophe_id as autre_id,
        limitrophe as autre,
        population,
        densite_hab_km2
    from vues.pont_territoire_limitrophe
    union
    select
        semblable_id,
        semblable,
        population,
        densite_hab_km2
    from vues.pont_territoire_semblable
    union
    select
        territoire_id,
        territoire,
        population,
        densite_hab_km2
    from vues.dim_territoire
)

select
    others.territoire_id,
    others.lien,
    replace(others.autre_id, ':', '-') as autre_fichier,
    others.autre_id in (select readings.territoire_id from vues.fait_lecture as readings) as a_une_page,
    any_value(named.autre) as autre,
    any_value(named.population) as population,
    any_value(named.densite_hab_km2) as densite_hab_km2,
    list({
        'indicateur': compared.indicateur,
        'unite': compared.unite,
        'valeur': values.valeur,
        'annee': values.annee,
        'est_entiere': values.est_entiere
    } order by compared.colonne) filter (where compared.indicateur_id is not null) as valeurs
from others
inner join named using (autre_id)
left join compared using (territoire_id)
left join vues.fait_valeur_comparee as values
    on others.autre_id = values.territoire_id and compared.indicateur_id = values.indicateur_id
group by others.territoire_id, others.lien, others.autre_id, others.rang
order by others.territoire_id, others.lien, others.rang, autre

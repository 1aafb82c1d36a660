-- A territory, those across its border and those most like it: what is known of the levers that are asked
-- most of it.
with compared as (
    select
        ranks.territoire_id,
        ranks.indicateur_id,
        series.indicateur_court as indicateur,
        own.unite,
        ranks.rang as colonne
    from vues.fait_ordre as ranks
    inner join vues.fait_valeur_comparee as own
        on ranks.territoire_id = own.territoire_id and ranks.indicateur_id = own.indicateur_id
    inner join vues.dim_indicateur_court as series on ranks.indicateur_id = series.indicateur_id
    where ranks.sujet = 'mesure' and ranks.rang <= 5
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
        limitrophe_id,
        'limitrophe' as lien,
        1 as rang
    from vues.pont_territoire_limitrophe
    union all
    select
        territoire_id,
        semblable_id,
        'semblable' as lien,
        rang
    from vues.pont_territoire_semblable
),

named as (
    select
        limitrophe_id as autre_id,
        limitrophe as autre,
        population
    from vues.pont_territoire_limitrophe
    union
    select
        semblable_id,
        semblable,
        population
    from vues.pont_territoire_semblable
    union
    select
        territoire_id,
        territoire,
        population
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

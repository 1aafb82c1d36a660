-- Three series of a territory beside the series of similar territories, in the order of the page: a theme after the other,
-- what is asked of most first. Similar territories differ in each, and the value or their median is not zero.
with compared as (
    select
        compared.*,
        observed.levier_id,
        observed.thematique,
        coalesce(shares.part_ktco2e, 0) as part_ktco2e
    from vues.fait_comparaison as compared
    inner join vues.cop_diagnostic as observed
        on compared.indicateur_id = observed.indicateur_id and compared.territoire_id = observed.territoire_id
    left join vues.fait_part as shares
        on observed.levier_id = shares.levier_id and observed.territoire_id = shares.territoire_id
    where
        compared.semblables > 0
        and compared.maximum_semblables > compared.minimum_semblables
        and (compared.valeur <> 0 or compared.mediane_semblables <> 0)
    qualify
        row_number() over (
            partition by compared.territoire_id, compared.indicateur_id
            order by coalesce(shares.part_ktco2e, 0) desc, observed.levier_id asc
        ) = 1
),

themed as (
    select
        *,
        row_number() over (
            partition by territoire_id, thematique order by part_ktco2e desc, levier_id asc
        ) as rang_du_theme
    from compared
),

ranked as (
    select
        *,
        row_number() over (
            partition by territoire_id
            order by rang_du_theme asc, part_ktco2e desc, levier_id asc, indicateur_id asc
        ) as rang
    from themed
    qualify rang <= 3
)

select
    ranked.territoire_id,
    coalesce(series.indicateur_court, ranked.indicateur) as nom,
    ranked.unite,
    ranked.annee,
    ranked.valeur,
    ranked.mediane_semblables as mediane,
    ranked.minimum_semblables as minimum,
    ranked.maximum_semblables as maximum,
    ranked.premier_quartile_semblables as premier_quartile,
    ranked.troisieme_quartile_semblables as troisieme_quartile,
    ranked.semblables,
    files.fichier,
    files.jeu_id || '/' || files.fichier as fichier_du_jeu,
    files.licence,
    ranked.rang
from ranked
inner join vues.dim_indicateur as series on ranked.indicateur_id = series.indicateur_id
left join vues.fait_source as files on ranked.fichier_id = files.fichier_id
order by ranked.territoire_id asc, ranked.rang asc

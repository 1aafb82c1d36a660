-- Three series of a territory beside those of the similar ones: of each theme the lever with the largest share, then
-- further levers. Nought beside nought, or one value for all, says nothing.
with series as (
    select
        shown.territoire_id,
        levers.thematique_id,
        shown.levier_id,
        coalesce(shares.part_ktco2e, 0) as part_ktco2e,
        compared.* exclude (territoire_id)
    from vues.cop_diagnostic as shown
    inner join vues.fait_comparaison as compared using (territoire_id, indicateur_id)
    inner join vues.dim_levier as levers using (levier_id)
    left join vues.fait_part as shares using (territoire_id, levier_id, region_id)
    where
        compared.semblables > 0
        and compared.maximum_semblables > compared.minimum_semblables
        and (compared.valeur <> 0 or compared.mediane_semblables <> 0)
    qualify row_number() over (partition by shown.territoire_id, shown.indicateur_id order by part_ktco2e desc, levier_id asc) = 1
),

ranked as (
    select
        *,
        row_number() over (partition by territoire_id, thematique_id order by part_ktco2e desc, levier_id ASC) as rang_theme
    from series
)

select
    ranked.territoire_id,
    coalesce(names.indicateur_court, ranked.indicateur) as nom,
    ranked.unite,
    ranked.annee,
    ranked.valeur,
    ranked.mediane_semblables as mediane,
    ranked.minimum_semblables as minimum,
    ranked.maximum_semblables as maximum,
    ranked.premier_quartile_semblables as premier_quartile,
    ranked.troisieme_quartile_semblables as troisieme_quartile,
    ranked.semblables,
    ranked.rang_parmi_semblables as rang,
    files.fichier,
    left(files.empreinte_sha256, 8) as empreinte,
    files.licence
from ranked
left join vues.dim_indicateur_court as names using (indicateur_id)
left join vues.fait_source as files using (fichier_id)
qualify
    row_number() over (
        partition by ranked.territoire_id order by ranked.rang_theme ASC, ranked.part_ktco2e desc, ranked.levier_id ASC
    ) <= 3
order by ranked.territoire_id ASC, ranked.rang_theme ASC, ranked.part_ktco2e desc, ranked.levier_id ASC

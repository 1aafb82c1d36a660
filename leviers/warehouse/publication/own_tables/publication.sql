insert into published.vues.fait_publication by name
with counts as (
    select
        count(distinct indicator_id) as indicator_count,
        count(*) as value_count
    from published.marts.fct_indicator_value
    where value is not null
),

changes as (
    select
        coalesce(sum(values_added), 0) as values_added,
        coalesce(sum(values_restated), 0) as values_restated,
        coalesce(sum(values_withdrawn), 0) as values_withdrawn
    from changed
)

select
    $publication_id as publication_id,
    $published_at as publie_le,
    $previous as publication_precedente_id,
    $region as region_demandee,
    $contract_version as version_du_contrat,
    (select count(*) from published.marts.dim_snapshot) as nombre_fichiers,
    counts.indicator_count as nombre_series,
    counts.value_count as nombre_valeurs,
    (
        select count(*) from published.quality.fct_check_result
        where status <> 'passed'
    ) as nombre_avertissements,
    if($previous is null, null, changes.values_added) as valeurs_ajoutees,
    if($previous is null, null, changes.values_restated) as valeurs_revisees,
    if($previous is null, null, changes.values_withdrawn) as valeurs_retirees,
    $contact as contact
from counts
cross join changes

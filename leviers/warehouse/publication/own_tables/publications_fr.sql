insert into published.vues.fait_publication by name
select
    publication_id,
    published_at as publie_le,
    previous_publication_id as publication_precedente_id,
    region as region_demandee,
    contract_version as version_du_contrat,
    file_count as nombre_fichiers,
    indicator_count as nombre_series,
    value_count as nombre_valeurs,
    warning_count as nombre_avertissements,
    values_added as valeurs_ajoutees,
    values_restated as valeurs_revisees,
    values_withdrawn as valeurs_retirees,
    contact
from published.marts.fct_publication

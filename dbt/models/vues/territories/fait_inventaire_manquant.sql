select
    coverage.territory_level as niveau,
    {{ label_fr('territory_level', 'coverage.territory_level') }} as niveau_libelle,
    coverage.source,
    {{ territory_id("'region'", 'coverage.region_code') }} as region_id,
    coverage.territories_expected as territoires_attendus,
    coverage.gases as gaz,
    coverage.scope as perimetre,
    coverage.reason as raison,
    coverage.dataset_id as jeu_id,
    datasets.title_fr as jeu,
    datasets.attribution as detenteur,
    datasets.homepage as page_du_jeu
from {{ ref('fct_emission_coverage') }} as coverage
inner join {{ ref('dim_dataset') }} as datasets on coverage.dataset_id = datasets.dataset_id
where coverage.is_to_load

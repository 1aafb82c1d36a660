-- The kit of the State: heat 57 in 2019, 54.6 asked, 47.4 in 2021. Waste: 621 kg a head in 2019, 519 asked,
-- 642 in 2021 by the hub; the 611 of the kit is no measure and has no path.
select
    lever_id,
    indicator_id,
    latest_year,
    latest_value
from {{ ref('fct_lever_progress') }}
where
    territory_level = 'region'
    and territory_code = '76'
    and latest_year = 2021
    and (
        (indicator_id = 'sgpe_kit_energie_reseaux_chaleur' and latest_value > target_value)
        or (indicator_id = 'sgpe_kit_dechets_sobriete' and path_value is not null)
        or (lever_id = 'dechets_sobriete' and indicator_id = 'hub_42' and latest_value <= baseline_value)
    )

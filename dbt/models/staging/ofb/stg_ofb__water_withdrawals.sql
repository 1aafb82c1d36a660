with
-- A covering volume stands for structures that have their own rows; what a dam turbines stays in the river.
volumes as (
    select
        {{ whole_commune('commune_code') }} as territory_code,
        year as taken_year,
        use_code,
        volume,
        snapshot_id
    from {{ source('raw_ofb', 'bnpe_withdrawals') }}
    where not coalesce(is_covering, false) and use_code != 'BAR'
),

-- Leisure, exempted and unknown uses count in the total only.
uses as (
    select
        unnest(['total'] || if(use_code in ('LOI', 'EXO', 'INC'), [], [use_code])) as series,
        territory_code,
        taken_year,
        volume,
        snapshot_id
    from volumes
)

select
    {{ observation_columns("commune", "taken_year", value="volume") }}
from uses

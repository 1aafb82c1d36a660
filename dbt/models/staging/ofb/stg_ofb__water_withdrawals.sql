{#- Grain: use (or all of them) x record, of which a structure may have several in a year, at the commune of
the structure: they add up. Cubic metres taken, without the water that dams turbine and without the volumes
that cover those of other structures. An unknown volume makes the sum of its commune incomplete. -#}
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

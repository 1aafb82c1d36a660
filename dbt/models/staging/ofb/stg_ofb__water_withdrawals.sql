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

uses (use_code, indicator_id) as (

    values
    ('AEP', 'water_withdrawal_drinking'),
    ('IRR', 'water_withdrawal_irrigation'),
    ('IND', 'water_withdrawal_industry'),
    ('ENE', 'water_withdrawal_energy'),
    ('CAN', 'water_withdrawal_canals')

),

counted as (

    select
        uses.indicator_id,
        volumes.territory_code,
        volumes.taken_year,
        volumes.volume,
        volumes.snapshot_id
    from volumes
    inner join uses on volumes.use_code = uses.use_code

    union all

    select
        'water_withdrawal' as indicator_id,
        territory_code,
        taken_year,
        volume,
        snapshot_id
    from volumes

)

select
    {{ named_observation_columns("commune", "'m3'", "taken_year", value="volume") }}
from counted

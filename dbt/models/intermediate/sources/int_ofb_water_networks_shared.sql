{#- Grain: series x service x commune x year. Cubic metres that enter a network of drinking water (produced
and bought) and that are used or sold, shared between the communes of a service by the inhabitants that it
serves there: estimates below the service, from which the efficiency is computed at every level. The rate that
a service declares is kept where a commune has one service; rates are never averaged. -#}
-- Volumes that say more water came out than went in, or that none went in, are not believed.
with services as (
    select
        service_id,
        year as declared_year,
        snapshot_id,
        efficiency,
        case when useful_volume > 0 and useful_volume <= input_volume then input_volume end as input_volume,
        case when useful_volume > 0 and useful_volume <= input_volume then useful_volume end as useful_volume
    from {{ ref('stg_ofb__water_services') }}
),

service_members as (
    select
        commune_code as territory_code,
        service_id,
        year as member_year,
        sum(inhabitants) as inhabitants
    from {{ ref('stg_ofb__water_service_members') }}
    group by commune_code, service_id, year
),

shares as (
    select
        territory_code,
        service_id,
        member_year,
        inhabitants / nullif(sum(inhabitants) over (partition by service_id, member_year), 0) as share,
        count(*) over (partition by territory_code, member_year) as service_count
    from service_members
),

located as (
    select
        shares.territory_code,
        shares.share,
        shares.service_count,
        services.declared_year,
        services.snapshot_id,
        services.efficiency,
        services.input_volume,
        services.useful_volume
    from services
    inner join shares
        on
            services.service_id = shares.service_id
            and services.declared_year = shares.member_year
),

figures as (
    select
        'input_volume' as series,
        territory_code,
        declared_year,
        snapshot_id,
        input_volume * share as figure,
        if(share = 1, 'observed', 'estimated') as figure_status
    from located

    union all

    select
        'useful_volume' as series,
        territory_code,
        declared_year,
        snapshot_id,
        useful_volume * share as figure,
        if(share = 1, 'observed', 'estimated') as figure_status
    from located

    union all

    -- the rate of a service holds for a commune only where no other service distributes
    select
        'efficiency' as series,
        territory_code,
        declared_year,
        snapshot_id,
        efficiency as figure,
        'observed' as figure_status
    from located
    where service_count = 1 and efficiency is not null
)

select
    {{ observation_columns("commune", "declared_year", value="figure", status="figure_status") }}
from figures

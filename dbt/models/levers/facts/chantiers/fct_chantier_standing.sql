with judged as (
    {{ levers_judged() }}
),

standings as (
    select
        group_kind,
        group_id,
        territory_level,
        territory_code,
        region_code,
        framework_version,
        horizon_year,
        basis,
        reading,
        count(*) as lever_count,
        count(distinct judgement_id) as judgement_count,
        count(*) filter (where reading = 'on_line') as favourable_lever_count,
        count(*) filter (where reading in ('behind', 'opposite')) as unfavourable_lever_count,
        string_agg(lever_id, ' ' order by lever_id) as lever_ids,
        100 * sum(target_ktco2e order by lever_id) / nullif(sum(sum(target_ktco2e order by lever_id)) over (
            partition by group_key
            order by basis asc, reading asc
            rows between unbounded preceding and unbounded following
        ), 0) as target_share_pct
    from judged
    where territory_level in ('region', 'departement', 'epci')
    group by
        group_key,
        group_kind,
        group_id,
        territory_level,
        territory_code,
        region_code,
        framework_version,
        horizon_year,
        basis,
        reading
)

select
    standings.group_kind,
    standings.group_id,
    standings.territory_level,
    standings.territory_code,
    standings.region_code,
    standings.framework_version,
    standings.horizon_year,
    standings.basis,
    standings.reading,
    standings.lever_count,
    standings.judgement_count,
    standings.favourable_lever_count,
    standings.unfavourable_lever_count,
    standings.lever_ids,
    standings.target_share_pct,
    {{ label_fr('group_kind', 'standings.group_kind') }} as group_kind_label_fr,
    {{ label_fr('basis', 'standings.basis') }} as basis_label_fr,
    {{ label_fr('reading', 'standings.reading') }} as reading_label_fr
from standings

with dates as (
    select
        snapshot_id,
        min(reference_date) as first_reference_date,
        max(reference_date) as last_reference_date
    from {{ ref('int_observations_unioned') }}
    group by snapshot_id
),

periods as (
    select
        *,
        {{ period_end('last_reference_date') }} as last_period_end
    from dates
)

select
    snapshots.snapshot_id,
    snapshots.dataset_id,
    snapshots.file_name,
    snapshots.url,
    snapshots.origin,
    snapshots.sha256,
    snapshots.bytes,
    snapshots.retrieved_at,
    snapshots.vintage,
    datasets.licence,
    datasets.attribution,
    {{ label_fr('origin', 'snapshots.origin') }} as origin_label_fr,
    coalesce({{ label_fr('licence', 'datasets.licence') }}, datasets.licence) as licence_label_fr,
    cast(snapshots.retrieved_at as timestamp) as retrieved_at_utc,
    periods.first_reference_date,
    periods.last_reference_date,
    coalesce(snapshots.vintage, cast(periods.last_reference_date as varchar)) as content_vintage,
    {{ up_to_receipt('periods.last_period_end', 'retrieved_at_utc') }} as last_period_end
from {{ ref('stg_leviers__snapshots') }} as snapshots
inner join {{ ref('stg_leviers__datasets') }} as datasets on snapshots.dataset_id = datasets.dataset_id
left join periods on snapshots.snapshot_id = periods.snapshot_id

-- The last date of each series. `reached_by_half`: the latest that half of them have, as one may be ahead.
with series as (
    select
        {{ dataset_of('snapshot_id') }} as dataset_id,
        indicator_id,
        max(reference_date) as last_reference_date
    from {{ ref('int_observations_unioned') }}
    group by {{ dataset_of('snapshot_id') }}, indicator_id
),

periods as (
    select
        dataset_id,
        list(last_reference_date order by last_reference_date)[
            cast(floor(count(last_reference_date) / 2) + 1 as integer)
        ] as reached_by_half
    from series
    group by dataset_id
)

select
    datasets.dataset_id,
    datasets.producer,
    datasets.title,
    datasets.licence,
    datasets.licence_basis,
    datasets.licence_url,
    datasets.share_alike,
    datasets.attribution,
    datasets.homepage,
    datasets.grain,
    datasets.cadence,
    datasets.status,
    datasets.verified,
    datasets.verified_note,
    datasets.absent_means,
    datasets.lineage,
    datasets.republish,
    loads.loaded_rows,
    loads.quarantined_rows,
    loads.warnings,
    {{ period_end('periods.reached_by_half') }} as last_period_end,
    datasets.title_fr,
    coalesce(cadences.label_fr, datasets.cadence) as cadence_label_fr,
    cadences.days as cadence_days,
    {{ label_fr('dataset_status', 'datasets.status') }} as status_label_fr,
    coalesce({{ label_fr('licence', 'datasets.licence') }}, datasets.licence) as licence_label_fr,
    {{ label_fr('absent_means', 'datasets.absent_means') }} as absent_means_label_fr,
    datasets.verified_note_fr
from {{ ref('stg_leviers__datasets') }} as datasets
inner join {{ ref('stg_leviers__dataset_loads') }} as loads on datasets.dataset_id = loads.dataset_id
left join periods on datasets.dataset_id = periods.dataset_id
left join {{ ref('cadence_labels') }} as cadences on datasets.cadence = cadences.cadence

with deposited as (
    select
        *,
        coalesce(list_sort(list_distinct(regexp_extract_all(carrier_siren, '\d{9}'))), []) as sirens
    from {{ source('raw_ademe', 'ademe_pcaet') }}
)

select
    form_version,
    plan_id,
    unnest(case when len(sirens) = 0 then [null] else sirens end) as carrier_siren,
    carrier_name,
    plan_name,
    progress,
    case obligation when 'O' then true when 'V' then false end as is_obligatory,
    launched_on,
    project_received_on,
    state_opinion_on,
    region_opinion_on,
    created_on,
    modified_on,
    population,
    snapshot_id
from deposited

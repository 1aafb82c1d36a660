{#- To be replaced by the union of the models that map each dataset to its indicators. -#}
select
    cast(null as varchar) as indicator_id,
    cast(null as varchar) as territory_level,
    cast(null as varchar) as territory_code,
    cast(null as integer) as cog_year,
    cast(null as integer) as year,
    cast(null as date) as reference_date,
    cast(null as double) as value,
    cast(null as varchar) as value_status,
    cast(null as boolean) as is_provisional,
    cast(null as varchar) as dataset_id,
    cast(null as varchar) as snapshot_id
limit 0

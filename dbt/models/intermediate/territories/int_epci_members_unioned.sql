-- In the order in which they are believed.
{% set lists = ['stg_etalab__epci_members', 'stg_dgcl__epci_members', 'stg_leviers__bundled_communes'] %}

with members as (
    {% for list in lists %}
        select
            cog_year,
            epci_code,
            epci_name,
            epci_type,
            commune_code,
            {{ loop.index }} as source_rank
        from {{ ref(list) }}
        where epci_code is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

ranked as (
    select
        *,
        min(source_rank) over (partition by cog_year) as vintage_rank
    from members
)

select
    cog_year,
    epci_code,
    epci_name,
    epci_type,
    commune_code
from ranked
where source_rank = vintage_rank

{%- set ns = namespace(tables=[]) -%}
{%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('fct_lever_') -%}
    {%- do ns.tables.append(node.name) -%}
{%- endfor -%}

with levers as (
    select 'fct_lever_' || lever_id as table_name
    from {{ ref('dim_lever') }}
    where is_quantified
),

tables as (
    select unnest({{ ns.tables }}::varchar[]) as table_name
)

select levers.table_name
from levers
anti join tables on levers.table_name = tables.table_name

{#-
    A table or a view is made again only where it has to be: where its SQL, or the content of something that it reads,
    is not what it was made from. What stands below a table that came out as it was before is left alone in turn.
    `built.relation` holds, by node, the key of what it was made from and a hash of its content: of a view, whose
    content is not computed, the key. A model whose `meta` says which rows of what it reads are its own (`rows_read`)
    depends on them alone. `--full-refresh` makes everything again.
-#}
{% macro create_built_relation() %}
    create schema if not exists built;
    create table if not exists built.relation (node_id varchar, key varchar, content varchar);
{% endmacro %}

{#- The SQL of a text that changes whenever what the model is made from does. -#}
{% macro key_of_inputs() -%}
    md5('{{ local_md5(compiled_code ~ model.contract.checksum) }}'
    {%- for node_id in model.depends_on.nodes %} || {{ content_of_input(node_id) }}{% endfor %})
{%- endmacro %}

{% macro content_of_input(node_id) -%}
    {%- if node_id.startswith('seed.') -%}
        '{{ graph.nodes[node_id].checksum.checksum }}'
    {%- elif node_id.startswith('source.') -%}
        ({{ content_of(graph.sources[node_id].relation_name) }})
    {%- elif model.config.meta.rows_read -%}
        ({{ content_of(graph.nodes[node_id].relation_name, model.config.meta.rows_read) }})
    {%- else -%}
        (select relation.content from built.relation where relation.node_id = '{{ node_id }}')
    {%- endif -%}
{%- endmacro %}

{#- The SQL of the number of rows and of a hash that their order does not change. -#}
{% macro content_of(relation, rows='true') -%}
    select count(*) || ':' || coalesce(sum(hash(row_read)::hugeint), 0) from {{ relation }} as row_read where {{ rows }}
{%- endmacro %}

{% macro stands_as_made() %}
    {%- if should_full_refresh() or load_cached_relation(this) is none -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set found = run_query(
        "select 1 from built.relation where relation.node_id = '" ~ model.unique_id ~ "' and relation.key = "
        ~ key_of_inputs()
    ) -%}
    {{ return(found | length > 0) }}
{% endmacro %}

{% macro note_as_made(content) %}
    {% call statement('note_as_made') %}
        delete from built.relation where relation.node_id = '{{ model.unique_id }}';
        insert into built.relation
        select '{{ model.unique_id }}', made.key, {{ content }} from (select {{ key_of_inputs() }} as key) as made;
    {% endcall %}
{% endmacro %}

{% macro kept(relation) %}
    {% call noop_statement('main', 'KEPT') %}{% endcall %}
    {{ return({'relations': [relation]}) }}
{% endmacro %}

{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set relation = this.incorporate(type='table') -%}
    {%- if stands_as_made() -%}{{ return(kept(relation)) }}{%- endif -%}
    {%- set standing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if standing is not none -%}{% do adapter.drop_relation(standing) %}{%- endif -%}
    {%- if model.language == 'python' -%}{% do adapter.commit() %}{%- endif -%}
    {% call statement('main', language=model.language) %}
        {{- create_table_as(False, relation, compiled_code, model.language) }}
    {% endcall %}
    {% do note_as_made('(' ~ content_of(relation) ~ ')') %}
    {% do adapter.commit() %}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='view') -%}
    {%- if stands_as_made() -%}{{ return(kept(relation)) }}{%- endif -%}
    {%- set standing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if standing is not none -%}{% do adapter.drop_relation(standing) %}{%- endif -%}
    {% call statement('main') %}
        {{- get_create_view_as_sql(relation, compiled_code) }}
    {% endcall %}
    {% do note_as_made('made.key') %}
    {% do adapter.commit() %}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

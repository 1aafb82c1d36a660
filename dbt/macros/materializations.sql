{#-
    A table is made again only where it has to be: where its SQL, or the content of something that it reads, is not what
    it was made from. What stands below a table that came out as it was before is left alone in turn. `built.relation`
    holds, by node, the key of what it was made from and a hash of its content; of a view both are its SQL, and what is
    behind it counts for those that read it. A model whose `meta` says which rows of what it reads are its own
    (`rows_read`) depends on them alone. `--full-refresh` makes everything again.
-#}
{% macro begin_build() %}
    create schema if not exists built;
    create table if not exists built.relation (node_id varchar, key varchar, content varchar);
    delete from built.relation where starts_with(relation.node_id, 'source.')
    {%- if flags.FULL_REFRESH %} or list_contains({{ selected_resources }}, relation.node_id){% endif %};
    {% if execute %}
        {{ drop_retired() }}
        {%- set standing = run_query("select schema_name || '.' || table_name from duckdb_tables()").columns[0].values() -%}
        {%- for node_id, source in graph.sources.items() if source.schema ~ '.' ~ source.identifier in standing %}
            {{ 'insert into built.relation' if loop.first else 'union all' }}
            select '{{ node_id }}', null, ({{ content_of(source.relation_name) }})
        {%- endfor %}
    {% endif %}
{% endmacro %}

{#- Drops what no model makes any more: all that stands in the schemas of the models is published. -#}
{% macro drop_retired() %}
    {%- set schemas, made = [], [] -%}
    {%- for node_id, node in graph.nodes.items() if node.resource_type == 'model' -%}
        {%- do schemas.append(node.schema) -%}
        {%- do made.append(node.schema ~ '.' ~ node.alias) -%}
    {%- endfor -%}
    {%- set standing -%}
        select schema_name, table_name, 'table' from duckdb_tables()
        union all
        select schema_name, view_name, 'view' from duckdb_views() where not internal
    {%- endset -%}
    {%- for schema, name, kind in run_query(standing).rows if schema in schemas and schema ~ '.' ~ name not in made %}
        drop {{ kind }} {{ schema }}.{{ name }};
        delete from built.relation where ends_with(relation.node_id, '.{{ name }}');
    {%- endfor %}
{% endmacro %}

{% macro key_of_sql() -%}
    '{{ local_md5(compiled_code ~ model.contract.checksum) }}'
{%- endmacro %}

{#-
    The SQL of a text that changes whenever what the model is made from does; NULL where that is not known of an input.
    The notes are read at once: DuckDB plans a query in each of 250 places for seconds.
-#}
{% macro key_of_inputs() -%}
    {%- set noted, read = [], [] -%}
    {%- do list_inputs(model.depends_on.nodes, noted, read) -%}
    md5({{ key_of_sql() }} || (
        select case when count(*) = {{ noted | length }}
            then coalesce(string_agg(relation.content, ' ' order by relation.node_id), '') end
        from built.relation
        where list_contains({{ noted }}, relation.node_id)
    )
    {%- for content in read %} || ' ' || ({{ content }}){% endfor %})
{%- endmacro %}

{#- Adds the inputs whose content is noted, by node, and the SQL of the content of the others. -#}
{% macro list_inputs(node_ids, noted, read) -%}
    {%- for node_id in node_ids -%}
        {%- set node = graph.nodes.get(node_id) or graph.sources[node_id] -%}
        {%- if node.resource_type == 'seed' -%}
            {%- do read.append(content_of(node.relation_name)) -%}
        {%- elif node.config.materialized == 'table' and model.config.meta.rows_read -%}
            {%- do read.append(content_of(node.relation_name, model.config.meta.rows_read)) -%}
        {%- elif node_id not in noted -%}
            {%- do noted.append(node_id) -%}
            {%- if node.config.materialized == 'view' -%}
                {%- do list_inputs(node.depends_on.nodes, noted, read) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{#- The SQL of the number of rows and of a hash that their order does not change. -#}
{% macro content_of(relation, rows='true') -%}
    select count(*) || ':' || coalesce(sum(hash(row_read)::hugeint), 0) from {{ relation }} as row_read where {{ rows }}
{%- endmacro %}

{% macro stands_as_made(key) %}
    {%- if should_full_refresh() or load_cached_relation(this) is none -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set found = run_query(
        "select 1 from built.relation where relation.node_id = '" ~ model.unique_id ~ "' and relation.key = " ~ key
    ) -%}
    {{ return(found | length > 0) }}
{% endmacro %}

{#-
    First of all, so that a build that dies leaves no note of what it was about to replace. `--full-refresh` has
    forgotten all of them at once.
-#}
{% macro forget_what_stands() %}
    {%- if not should_full_refresh() -%}
        {% call statement('forget_what_stands') %}
            delete from built.relation where relation.node_id = '{{ model.unique_id }}'
        {% endcall %}
        {% do adapter.commit() %}
    {%- endif -%}
{% endmacro %}

{% macro note_as_made(key, content) %}
    {% call statement('note_as_made') %}
        insert into built.relation select '{{ model.unique_id }}', {{ key }}, {{ content }};
    {% endcall %}
{% endmacro %}

{% macro kept(relation) %}
    {% call noop_statement('main', 'KEPT') %}{% endcall %}
    {{ return({'relations': [relation]}) }}
{% endmacro %}

{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set key = key_of_inputs() -%}
    {%- if stands_as_made(key) -%}{{ return(kept(relation)) }}{%- endif -%}
    {%- set standing = load_cached_relation(this) -%}
    {% do forget_what_stands() %}
    {%- if standing is not none -%}{% do adapter.drop_relation(standing) %}{%- endif -%}
    {%- if model.language == 'python' -%}{% do adapter.commit() %}{%- endif -%}
    {% call statement('main', language=model.language) %}
        {{- create_table_as(False, relation, compiled_code, model.language) }}
    {% endcall %}
    {% do note_as_made(key, '(' ~ content_of(relation) ~ ')') %}
    {% do adapter.commit() %}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='view') -%}
    {%- set key = key_of_sql() -%}
    {%- if stands_as_made(key) -%}{{ return(kept(relation)) }}{%- endif -%}
    {%- set standing = load_cached_relation(this) -%}
    {% do forget_what_stands() %}
    {%- if standing is not none -%}{% do adapter.drop_relation(standing) %}{%- endif -%}
    {% call statement('main') %}
        {{- get_create_view_as_sql(relation, compiled_code) }}
    {% endcall %}
    {% do note_as_made(key, key) %}
    {% do adapter.commit() %}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

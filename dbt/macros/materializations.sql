{#-
    `kept_table` and `kept_view` take the place of dbt's materializations `table` and `view`, so that a build makes only
    the tables that would come out different.

    1. A build begins. `begin_build` drops the tables that no model makes any more, and notes a hash of each raw table.
    2. dbt comes to a model. `key_of_inputs` makes a key of its SQL, its contract and the hashes of all that it reads.
       A view has no rows of its own: its inputs count for each model that reads it.
    3. If the table was made from the same key, it stands (`stands_as_made`), and dbt says KEPT.
    4. If not, `make` drops the table, runs the SQL, and notes the key and a hash of the rows. If the rows came out as
       before, that hash is as before too, so the models below stand.

    The notes are in the working file: `built.relation` has node, key and content. `--full-refresh` forgets them all.

    `tests/dbt/test_increments.py` compares every such table with its whole SQL after a change.
-#}
{% macro begin_build() %}
    {%- if flags.WHICH != 'test' -%}{{ return(adapter.dispatch('begin_build')()) }}{%- endif -%}
{% endmacro %}

{#- Only DuckDB keeps notes: other adapters make everything. -#}
{% macro default__begin_build() %}{% endmacro %}

{% macro duckdb__begin_build() %}
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

{#- Drops the tables that no model makes any more, since every table in the schemas of the models is published. -#}
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
    The SQL of a text that changes when an input of the model changes; NULL if the content of an input is unknown.
    The notes are read at once: DuckDB plans a query in each of 250 places for seconds.
-#}
{% macro key_of_inputs(node_ids) -%}
    {%- set noted, read = [], [] -%}
    {%- do list_inputs(node_ids, noted, read) -%}
    md5({{ key_of_sql() }} || (
        select case when count(*) = {{ noted | length }}
            then coalesce(string_agg(relation.content, ' ' order by relation.node_id), '') end
        from built.relation
        where list_contains({{ noted }}, relation.node_id)
    )
    {%- for content in read %} || ' ' || ({{ content }}){% endfor %})
{%- endmacro %}

{#- Fills two lists: the inputs whose content is in the notes, by node, and the SQL of the content of the others. -#}
{% macro list_inputs(node_ids, noted, read) -%}
    {%- for node_id in node_ids -%}
        {%- set node = graph.nodes.get(node_id) or graph.sources[node_id] -%}
        {%- if node.resource_type == 'seed' -%}
            {%- do read.append(content_of(node.relation_name)) -%}
        {%- elif node_id not in noted -%}
            {%- do noted.append(node_id) -%}
            {%- if node.config.materialized == 'kept_view' -%}
                {%- do list_inputs(node.depends_on.nodes, noted, read) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{#- The SQL of the content of a table: its number of rows and a hash that does not depend on their order. -#}
{% macro content_of(relation) -%}
    select {{ content() }} from {{ relation }} as row_read
{%- endmacro %}

{% macro content() -%}
    count(*) || ':' || coalesce(sum(hash(row_read)::hugeint), 0)
{%- endmacro %}

{% macro stands_as_made(key) %}
    {%- if should_full_refresh() or load_cached_relation(this) is none -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set same_key = run_query(
        "select 1 from built.relation where relation.node_id = '" ~ model.unique_id ~ "' and relation.key = " ~ key
    ) -%}
    {{ return(same_key | length > 0) }}
{% endmacro %}

{#-
    The statements that forget what stands, make it by ``sql`` and note what it is made from. They are one
    transaction, so each note is about what stands even if a build dies. ``--full-refresh`` has forgotten all notes
    at once.
-#}
{% macro make(sql, key, content) -%}
    {{ forget() }}
    {{ sql }};
    insert into built.relation select '{{ model.unique_id }}', {{ key }}, {{ content }};
{%- endmacro %}

{% macro forget() -%}
    {%- if not should_full_refresh() -%}
        delete from built.relation where relation.node_id = '{{ model.unique_id }}';
    {%- endif -%}
{%- endmacro %}

{#- Drops what stands. The call `adapter.drop_relation` would make dbt prepare all macros again for each table. -#}
{% macro drop_standing() -%}
    {%- set standing = load_cached_relation(this) -%}
    {%- if standing is not none %}drop {{ standing.type }} {{ standing }} cascade;{% endif -%}
{%- endmacro %}

{% macro kept(relation) %}
    {%- do store_raw_result('main', message='KEPT', code=none, rows_affected=none) -%}
    {{ return({'relations': [relation]}) }}
{% endmacro %}

{% materialization kept_table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set key = key_of_inputs(model.depends_on.nodes) -%}
    {%- if stands_as_made(key) -%}{{ return(kept(relation)) }}{%- endif -%}
    {%- set content = '(' ~ content_of(relation) ~ ')' -%}
    {%- if model.language == 'python' -%}
        {% call statement('drop') %}{{ forget() ~ drop_standing() }}{% endcall %}
        {% do adapter.commit() %}
        {% call statement('main', language='python') %}
            {{- create_table_as(False, relation, compiled_code, 'python') }}
        {% endcall %}
        {% call statement('note') %}{{ make('', key, content) }}{% endcall %}
    {%- else -%}
        {%- set sql = drop_standing() ~ create_table_as(False, relation, compiled_code) -%}
        {% call statement('main') %}{{ make(sql, key, content) }}{% endcall %}
    {%- endif -%}
    {% do adapter.commit() %}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% materialization kept_view, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='view') -%}
    {%- set key = key_of_sql() -%}
    {%- if stands_as_made(key) -%}{{ return(kept(relation)) }}{%- endif -%}
    {%- set sql = drop_standing() ~ get_create_view_as_sql(relation, compiled_code) -%}
    {% call statement('main') %}{{ make(sql, key, key) }}{% endcall %}
    {% do adapter.commit() %}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

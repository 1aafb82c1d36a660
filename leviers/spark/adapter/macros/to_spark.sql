{#- The SQL of models and tests goes through the adapter before it runs; tables are Parquet. -#}
{% macro contract_of_model() %}
    {{ return(model.columns if config.get('contract').enforced else none) }}
{% endmacro %}

{% macro leviersspark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    create table {{ relation }} using parquet as
    {{ adapter.to_spark(compiled_code, contract_of_model()) }}
{%- endmacro %}

{% macro leviersspark__create_view_as(relation, sql) -%}
    create or replace view {{ relation }} as
    {{ adapter.to_spark(sql, contract_of_model()) }}
{%- endmacro %}

{% macro leviersspark__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {{ default__get_test_sql(adapter.to_spark(main_sql), fail_calc, warn_if, error_if, limit) }}
{%- endmacro %}

{#- A table of Parquet has no constraints; the tests say what holds. -#}
{% macro leviersspark__persist_constraints(relation, model) %}{% endmacro %}

{#- Spark keeps nothing from one build to the next: a table or view of the project is one of dbt-spark. -#}
{% materialization kept_table, adapter='leviersspark' %}
    {{ return(materialization_table_spark()) }}
{% endmaterialization %}

{% materialization kept_view, adapter='leviersspark' %}
    {{ return(materialization_view_spark()) }}
{% endmaterialization %}

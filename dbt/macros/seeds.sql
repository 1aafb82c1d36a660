{#- A column of a seed is text, unless `column_types` of the project says what else: nothing is inferred from its rows. -#}
{% macro duckdb__create_csv_table(model, agate_table) %}
    {%- set types = model.config.get('column_types', {}) -%}
    {%- set sql -%}
        create table {{ this.render() }} (
            {%- for name in agate_table.column_names -%}
                "{{ name }}" {{ types.get(name, 'varchar') }} {{- ', ' if not loop.last }}
            {%- endfor -%}
        )
    {%- endset -%}
    {%- call statement('_') -%}{{ sql }}{%- endcall -%}
    {{ return(sql) }}
{% endmacro %}

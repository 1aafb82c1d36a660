-- The tables and views of the file, those with the same columns together.
with relations as (
    select
        schema_name,
        table_name as nom,
        estimated_size as lignes,
        comment
    from duckdb_tables()
    where database_name = current_database()
    union all
    select
        schema_name,
        view_name,
        null as lignes,
        comment
    from duckdb_views()
    where database_name = current_database() and not internal
),

described as (
    select
        relations.schema_name,
        relations.nom,
        relations.lignes,
        relations.comment,
        list(
            { 'nom': columns.column_name, 'dit': columns.comment, 'type': columns.data_type }
            order by columns.column_index
        ) as colonnes
    from relations
    inner join duckdb_columns() as columns
        on relations.schema_name = columns.schema_name and relations.nom = columns.table_name
    where columns.database_name = current_database()
    group by all
)

select
    if(schema_name = 'vues', 'donnees', 'tables') as page,
    schema_name,
    list({ 'nom': nom, 'lignes': lignes, 'dit': comment } order by nom) as tables,
    colonnes
from described
group by schema_name, colonnes
order by page, schema_name, min(nom)

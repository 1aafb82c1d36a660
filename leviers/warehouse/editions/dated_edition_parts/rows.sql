-- The tables and views of a published file whose rows are counted.
select table_schema || '.' || table_name from information_schema.tables
where list_contains($schemas, table_schema)
order by all

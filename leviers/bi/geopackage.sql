-- Tables that a GeoPackage 1.3 must have (OGC 12-128r18), with descriptions of columns and QGIS's styles.
pragma application_id = 1196444487;
pragma user_version = 10300;

create table gpkg_spatial_ref_sys (
    srs_name text not null,
    srs_id integer not null primary key,
    organization text not null,
    organization_coordsys_id integer not null,
    definition text not null,
    description text
);

insert into gpkg_spatial_ref_sys values
('Undefined Cartesian', -1, 'NONE', -1, 'undefined', null),
('Undefined geographic', 0, 'NONE', 0, 'undefined', null),
(
    'WGS 84 geodetic', 4326, 'EPSG', 4326,
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
    null
);

create table gpkg_contents (
    table_name text not null primary key,
    data_type text not null,
    identifier text unique,
    description text default '',
    last_change datetime not null,
    min_x double,
    min_y double,
    max_x double,
    max_y double,
    srs_id integer references gpkg_spatial_ref_sys (srs_id)
);

create table gpkg_geometry_columns (
    table_name text not null unique references gpkg_contents (table_name),
    column_name text not null,
    geometry_type_name text not null,
    srs_id integer not null references gpkg_spatial_ref_sys (srs_id),
    z tinyint not null,
    m tinyint not null,
    primary key (table_name, column_name)
);

create table gpkg_extensions (
    table_name text,
    column_name text,
    extension_name text not null,
    definition text not null,
    scope text not null,
    unique (table_name, column_name, extension_name)
);

insert into gpkg_extensions values
('gpkg_data_columns', null, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write'),
('gpkg_data_column_constraints', null, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write');

create table gpkg_data_columns (
    table_name text not null references gpkg_contents (table_name),
    column_name text not null,
    name text,
    title text,
    description text,
    mime_type text,
    constraint_name text,
    primary key (table_name, column_name),
    unique (table_name, name)
);

create table gpkg_data_column_constraints (
    constraint_name text not null,
    constraint_type text not null,
    value text,
    min numeric,
    min_is_inclusive boolean,
    max numeric,
    max_is_inclusive boolean,
    description text,
    unique (constraint_name, constraint_type, value)
);

create table layer_styles (
    id integer primary key,
    f_table_catalog text,
    f_table_schema text,
    f_table_name text,
    f_geometry_column text,
    stylename text,
    styleqml text,
    stylesld text,
    useasdefault boolean,
    description text,
    owner text,
    ui text,
    update_time datetime
);

insert into gpkg_contents (table_name, data_type, identifier, last_change)
values ('layer_styles', 'attributes', 'layer_styles', '1970-01-01T00:00:00.000Z');

insert into gpkg_extensions values
('gpkg_metadata', null, 'gpkg_metadata', 'http://www.geopackage.org/spec/#extension_metadata', 'read-write'),
('gpkg_metadata_reference', null, 'gpkg_metadata', 'http://www.geopackage.org/spec/#extension_metadata', 'read-write');

create table gpkg_metadata (
    id integer primary key,
    md_scope text not null default 'dataset',
    md_standard_uri text not null,
    mime_type text not null default 'text/xml',
    metadata text not null default ''
);

create table gpkg_metadata_reference (
    reference_scope text not null,
    table_name text,
    column_name text,
    row_id_value integer,
    timestamp datetime not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    md_file_id integer not null references gpkg_metadata (id),
    md_parent_id integer references gpkg_metadata (id)
);

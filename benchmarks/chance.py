"""``python -m benchmarks.chance``: how often a drawn territory that is exactly on its path concludes.

The series are drawn: a straight path and normal noise. From the values on, all is the SQL of the models.
A threshold may be tried: ``python -m benchmarks.chance margin_deviations=1.64``.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import yaml

DBT = Path(__file__).resolve().parent.parent / "dbt"
MACROS = ("keys", "labels", "thresholds", "trend_noise", "verdict_lines")
CHAIN = (
    "int_verdict_series_selected", "int_verdict_lines_listed",
    "int_verdict_variants_compared", "int_verdict_lines_judged",
)  # fmt: skip


@cache
def model_sql(name: str, **thresholds: float) -> str:
    """The SELECT of a model, on tables of the names that it refers to, with `thresholds` instead of those in force."""
    [path] = (DBT / "models").rglob(f"{name}.sql")
    macros = "".join((DBT / "macros" / f"{macro}.sql").read_text(encoding="utf-8") for macro in MACROS)
    in_force = yaml.safe_load((DBT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]["thresholds"]
    values = in_force | {code: {"value": value} for code, value in thresholds.items()}
    template = jinja2.Environment(autoescape=False).from_string(macros + path.read_text(encoding="utf-8"))  # noqa: S701
    return template.render(ref=str, var={"thresholds": values}.get)


# A region, a path from 100 in 2019 to 50 in 2030 by the rule of each kind, and a State that measures its start or not.
TABLES = """
create table kinds as from (values
    ('level of the State, from its start', 'official', 'state_level', true),
    ('level, from the series', 'national', 'national_level', false),
    ('change', 'official', 'state_change', false),
    ('rate', 'national', 'national_rate', false)
) as kinds (kind, basis, path_rule, is_start_measured);
create table shapes as from range(1, 4, 2) as _(smoothing_years), (values
    (2010, 2025), (2015, 2025), (2015, 2023), (2016, 2022), (2016, 2024)
) as _ (first_year, end_year), (values (1.5), (5), (15)) as _ (spread) where smoothing_years = 1 or spread > 2;
create table drawn as
select kinds.*, shapes.*,
    kind || '|' || smoothing_years || '|' || spread || '|' || first_year || '-' || end_year as lever_id,
    lever_id as indicator_id, 'region' as territory_level, draw::varchar as territory_code
from kinds, shapes, range(?) as _ (draw);
create table int_verdict_observations as
with noisy as (
    select drawn.*, year, 100 - (year - 2019) * 50 / 11
        + spread * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) as raw_value
    from drawn, range(first_year, end_year + 1) as _ (year)
)
select *, raw_value as usable_value, true as is_usable, false as is_climate_corrected, year as read_at,
    case when count(*) over means = 3 then avg(raw_value) over means end as mean_value,
    if(smoothing_years = 1, raw_value, mean_value) as value, 100 as completeness_pct,
    null::varchar as left_out_because, 'd' as dataset_id, 0 as excess
from noisy
window means as (partition by lever_id, territory_code order by year range between 2 preceding and current row);
create table int_indicator_precisions as
select '' as indicator_id, 0 as rounding_step, 0 as break_before_start_year, 0 as break_after_start_year;
create table int_territories_unioned as
select distinct territory_level, territory_code, territory_code as region_code from drawn;
create table verdict_rules as
select distinct lever_id, indicator_id, basis, path_rule, smoothing_years,
    if(path_rule like 'national%', path_rule, null) as national_target_id, null::varchar as group_id,
    'lever' as judges, 'same' as covers, null::double as least_share, null::varchar as conversion,
    null::double as unknown_min, null::double as unknown_max, null::varchar as whole_fr,
    null::varchar as lowest_confidence, null::varchar as caveat_fr
from drawn;
create table indicators as select distinct indicator_id, 'fall' as direction, 't' as unit from drawn;
create table conversions as select '' as conversion, 1 as factor;
create table dim_framework as select 'f' as framework_version, true as is_target_version;
create table national_indicator_targets as select path_rule as target_id, 100 as start_value, 50 as target_value,
    2030 as target_year from kinds where path_rule like 'national%';
create table regional_framework_targets as
select '' as lever_id, '' as indicator_id, '' as region_code, 'target' as kind, 0 as value, 0 as horizon_year;
create table int_sgpe_targets_joined as
select distinct lever_id, territory_code as region_code, 'f' as framework_version, 2030 as horizon_year,
    1.0 as avoided_ktco2e, if(path_rule = 'state_change', 'delta', 'level') as semantics, false as is_intensive,
    is_start_measured, 1.0 as co2_to_physical_ratio, 100.0 as start_2019,
    if(path_rule = 'state_change', -50.0, 50.0) as physical_value
from drawn;
create table national_lever_targets as select '' as lever_id, 'f' as framework_version, 0 as value_ktco2e,
    0 as regional_ratio_min;
create table int_lever_parts_allocated as select '' as lever_id, '' as territory_level, '' as territory_code,
    'f' as framework_version, 0 as value, '' as measure, '' as key_id, false as is_remainder;
create table int_verdict_series_weighed as
select distinct lever_id, indicator_id, basis, territory_level, territory_code, null::double as covered_share_pct,
    false as is_covering, 100 as known_pct, false as is_broken, null::varchar as break_reason,
    null::double as break_effect,
    'none' as climate_correction, false as lacks_climate, true as source_is_verified, null::varchar as entered_licence,
    false as is_part
from drawn;
"""
SHARES = """
select kind, smoothing_years, spread, first_year || '-' || end_year as years,
    avg((reading not in ('unsure', 'not_judged'))::integer) as concluding,
    avg((reading = 'on_line')::integer) as on_line
from int_verdict_lines_judged inner join (select distinct * exclude (territory_code) from drawn) using (lever_id)
group by all order by all
"""


def draw(connection: duckdb.DuckDBPyConnection, draws: int) -> None:
    """The tables that the models read, with `draws` territories of each kind of series."""
    connection.execute("select setseed(0.5)")
    for statement in TABLES.split(";\n"):
        connection.execute(statement, [draws] if "?" in statement else None)
    connection.execute(f"create table reading_rules as from read_csv('{DBT}/seeds/policy/reading_rules.csv')")


def judge(connection: duckdb.DuckDBPyConnection, *models: str, **thresholds: float) -> None:
    """Makes the tables of the models anew."""
    for model in models:
        connection.execute(f"create or replace table {model} as {model_sql(model, **thresholds)}")


def shares(draws: int, **thresholds: float) -> list[tuple[Any, ...]]:
    """Of each kind: name, years of a mean, deviation in % of the start, years, shares that conclude, are on line."""
    with duckdb.connect(config={"threads": 1}) as connection:
        draw(connection, draws)
        judge(connection, *CHAIN, **thresholds)
        return connection.execute(SHARES).fetchall()


if __name__ == "__main__":
    given = {code: float(value) for code, value in (word.split("=") for word in sys.argv[1:])}
    for kind, smoothing, spread, years, concluding, on_line in shares(int(given.pop("draws", 4000)), **given):
        print(f"{kind:34} | {smoothing} | {spread:4} | {years} | {100 * concluding:5.1f} % | {100 * on_line:5.1f} %")

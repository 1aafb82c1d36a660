"""``python -m benchmarks.forecast WAREHOUSE``: the pace that pages draw, tried on years that it had not seen.

Each series of a verdict is cut five years after a start, and extended by three and by five years: by the pace that
pages draw (from start to end), by a robust trend of the same years (Theil-Sen), by the last value alone. As on a page,
only a movement beyond the margin of the series that has not more than doubled it is extended.
"""

from __future__ import annotations

import sys

import duckdb

TABLE = """
with known as (
    select distinct on (indicator_id, territory_level, territory_code, year)
        indicator_id, territory_level, territory_code, year, value, usable_value, smoothing_years
    from intermediate.int_verdict_observations where value is not null
    order by smoothing_years
),
bands as (
    select indicator_id, territory_level, territory_code, max(band) as band
    from intermediate.int_verdict_series_selected group by all
),
cut as (
    select starts.indicator_id, starts.territory_level, starts.territory_code, starts.year, later.horizon, bands.band,
        starts.value as start, ends.value as last, seen.value as seen, (last - start) / 5 as pace
    from known as starts
    inner join known as ends using (indicator_id, territory_level, territory_code)
    inner join known as seen using (indicator_id, territory_level, territory_code)
    inner join bands using (indicator_id, territory_level, territory_code)
    inner join (values (3), (5)) as later (horizon) on seen.year = ends.year + later.horizon
    where ends.year = starts.year + 5 and start > 0
        and abs(last - start) > band and last <= 2 * start
),
trends as (
    select cut.indicator_id, cut.territory_level, cut.territory_code, cut.year, cut.horizon,
        median((b.value - a.value) / (b.year - a.year)) as slope
    from cut
    inner join known as a using (indicator_id, territory_level, territory_code)
    inner join known as b using (indicator_id, territory_level, territory_code)
    where a.year between cut.year and cut.year + 4 and b.year between a.year + 1 and cut.year + 5
    group by all
),
errors as (
    select indicator_id, territory_level, horizon, count(*) as forecasts,
        avg(abs(last + pace * horizon - seen) / start) as pace,
        avg(abs(last + slope * horizon - seen) / start) as robust,
        avg(abs(last - seen) / start) as still,
        avg((abs(last + pace * horizon - seen) <= band + 2 * band / 5 * horizon)::integer) as inside
    from cut inner join trends using (indicator_id, territory_level, territory_code, year, horizon)
    group by all
)
select horizon, sum(forecasts)::integer as forecasts, count(*) as series,
    round(100 * sum(pace * forecasts) / sum(forecasts), 1) as pace_pct,
    round(100 * sum(robust * forecasts) / sum(forecasts), 1) as robust_pct,
    round(100 * sum(still * forecasts) / sum(forecasts), 1) as last_value_pct,
    count(*) filter (where pace <= robust) as pace_beats_robust,
    count(*) filter (where pace <= still) as pace_beats_last_value,
    round(100 * sum(inside * forecasts) / sum(forecasts)) as in_band_pct
from errors group by horizon order by horizon
"""


def main() -> None:
    """Print the table: errors in percent of the start, and how often the drawn band held."""
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        answer = connection.execute(TABLE)
        print(*(column[0] for column in answer.description), sep="\t")
        for row in answer.fetchall():
            print(*row, sep="\t")


if __name__ == "__main__":
    main()

"""The content of each loaded edition by indicator and year, noted for a comparison with the next one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import duckdb

from ingestion.options import Options
from ingestion.snapshots import SnapshotStore
from ingestion.state import DatasetState, EditionYear

YEARS_OF_EDITIONS = """
select dataset_id, indicator_id, year, counted, members_noted as members, value_sum_noted as value_sum
from intermediate.int_indicator_years_compared
where members_noted is not null
order by dataset_id, indicator_id, year
"""


def note_years(options: Options, states: Mapping[str, DatasetState]) -> None:
    """Stores the content of each loaded edition by indicator and year, to compare the next edition with it."""
    with duckdb.connect(str(options.warehouse), read_only=True) as connection:
        rows = connection.execute(YEARS_OF_EDITIONS).fetchall()
    years: dict[str, tuple[EditionYear, ...]] = defaultdict(tuple)
    for dataset_id, *year in rows:
        years[dataset_id] += (EditionYear.model_validate(dict(zip(EditionYear.model_fields, year, strict=True))),)
    store = SnapshotStore(options.home)
    for name, state in states.items():
        last = state.last_good
        if last and state.loaded == last.edition_id and last.years != years[name]:
            state.accepted[-1] = last.model_copy(update={"years": years[name]})
            store.save_state(name, state)

"""Two datasets with files at hand: groupings that a person has entered, and figures that ship with the project."""

from __future__ import annotations

import duckdb

from ingestion.fetch import fetch
from ingestion.options import Options
from tests.ingestion.helpers import load_waiting

NAME, OTHER = "grouping_member", "sgpe_kit"
HEADER = "group_type,group_code,group_name,commune_code,version\n"
GOOD = HEADER + "crte,T1,Groupe Test,31555,1\ncrte,T1,Groupe Test,31069,1\n"
BETTER = GOOD + "crte,T1,Groupe Test,31149,1\n"


def put(options: Options, content: str | bytes) -> None:
    folder = options.home / "inputs" / NAME
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "groups.csv").write_bytes(content.encode() if isinstance(content, str) else content)


def refresh(options: Options) -> dict[str, str]:
    """Fetches and loads the two datasets; returns their last messages."""
    messages = {outcome.dataset_id: outcome.message for outcome in fetch(options, [NAME, OTHER])}
    return messages | {outcome.dataset_id: outcome.message for outcome in load_waiting(options, NAME, OTHER)}


def rows(options: Options, table: str = NAME) -> int:
    with duckdb.connect(str(options.warehouse), read_only=True) as connection:
        [(count,)] = connection.execute(f"select count(*) from raw_leviers.{table}").fetchall()
    return int(count)

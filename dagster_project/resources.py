"""The configuration of a run, as the launchpad shows it."""

from pathlib import Path

import dagster as dg
from pydantic import Field, TypeAdapter, field_validator

from ingestion.options import Options
from leviers.warehouse.project import DEFAULT_REGION, REGIONS

WRITER_POOL = "duckdb_writer"
_OPTIONS = TypeAdapter(Options)


class RefreshResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """What a run is asked to do, as in the launchpad; without any value it is what ``leviers refresh`` does."""

    region: str = Field(default=DEFAULT_REGION, description="Code of the region in scope, or all.")
    mirror: str | None = Field(default=None, description="Folder of files that replace the downloads.")
    offline: bool = Field(default=False, description="Use no network.")
    full: bool = Field(default=False, description="Load everything again, even where no file has changed.")
    only: list[str] = Field(default=[], description="Dataset ids; the others stay as they are.")
    demo: bool = Field(default=False, description="The figures that ship with the project, in a home of their own.")
    tried: str | None = Field(default=None, description="Dataset that the demo takes from the mirror.")
    as_of: str | None = Field(default=None, description="ISO date: rebuild from the snapshots of that day.")

    @field_validator("region")
    @classmethod
    def _is_known(cls, region: str) -> str:
        if region not in (*REGIONS, "all"):
            raise ValueError(f"no such region: {region}")
        return region

    def options(self, home: Path) -> Options:
        """What the ingestion package is asked to do in a home."""
        return _OPTIONS.validate_python({"home": home, **self.model_dump(exclude={"region"})})

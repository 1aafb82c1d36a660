"""The configuration of a run in the launchpad, where regions and datasets are chosen from a list."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeAlias

import dagster as dg
from pydantic import Field, PrivateAttr, TypeAdapter

from dagster_project.run_keeper import alive, begun_at, note_end
from dagster_project.subjects import is_refresh
from ingestion.catalog import load_catalog
from ingestion.options import Options
from leviers import site
from leviers.warehouse.log import output_to, run_log
from leviers.warehouse.project import DEFAULT_REGION
from leviers.warehouse.runs.record import DAGSTER, Run
from leviers.warehouse.runs.run_end import begin, under_way
from leviers.warehouse.seeds import REGIONS
from leviers.warehouse.steps import Job

REGION_VARIABLE = "LEVIERS_REGION"
if TYPE_CHECKING:
    Region: TypeAlias = str
    DatasetId: TypeAlias = str
else:
    Region = StrEnum("Region", {code: code for code in (*REGIONS, "all")})
    DatasetId = StrEnum("DatasetId", {name: name for name, dataset in load_catalog().items() if dataset.is_built})
_OPTIONS = TypeAdapter(Options)


class RefreshResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The request for a run, as the launchpad shows it, with the defaults of ``leviers refresh``.

    The home is a dependency and no field, so that the launchpad lets nobody choose another one.
    """

    home: dg.ResourceDependency[Path]
    region: Region = Field(
        default=Region(os.environ.get(REGION_VARIABLE, DEFAULT_REGION)),
        description=f"Code of the region in scope, or all; without a choice, that of {REGION_VARIABLE}.",
    )
    mirror: str | None = Field(default=None, description="Folder of files that replace the downloads.")
    offline: bool = Field(default=False, description="Use no network.")
    full: bool = Field(default=False, description="Load everything again, even where no file has changed.")
    only: list[DatasetId] = Field(default=[], description="Dataset ids; the others stay as they are.")
    demo: bool = Field(default=False, description="The figures that ship with the project, in a home of their own.")
    as_of: str | None = Field(default=None, description="ISO date: rebuild from the snapshots of that day.")

    _begun: list[Run] = PrivateAttr(default_factory=list)
    _held: ExitStack = PrivateAttr(default_factory=ExitStack)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Self]:
        """Writes the log of the run in the home while the run is under way, and then its end.

        The output of the steps goes to Dagster's log as well; Dagster's own messages, on stderr, go to that log alone.
        """
        with (
            run_log(self.home) as log,
            alive(self.home),
            output_to(log, partial(print, file=sys.stdout, flush=True)),
            redirect_stderr(sys.__stderr__),
            self._held,
        ):
            try:
                yield self
            finally:
                begun = self._begun.pop() if self._begun else None
                if context.instance and context.run:  # neither is there in a test of a resource alone
                    note_end(self.home, context.instance, context.run.run_id, begun)

    def note_begin(self, context: dg.AssetExecutionContext) -> None:
        """Notes in the home that a run of all assets is under way."""
        if is_refresh(context):
            self._held.enter_context(under_way(self.home))
            self._begun.append(begin(self.home, DAGSTER, begun_at(context.instance, context.run.run_id)))

    def options(self) -> Options:
        """Returns the request as the options of the ingestion package."""
        chosen = self.model_dump(mode="json", exclude={"home", "region"})
        return _OPTIONS.validate_python({"home": self.home, **chosen})

    def job(self) -> Job:
        """Returns the steps of the request."""
        return Job(self.options(), self.region, site.build_site)

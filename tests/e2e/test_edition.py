"""An edition of the bundled figures: verified from its own files, and its catalogue by the shapes of DCAT-AP."""

from __future__ import annotations

import os
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Literal
from rdflib.namespace import DCAT, DCTERMS, XSD

from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("demo")
BASE = "https://leviers.example.org/2020-01-31/"
SAMPLES = os.environ.get("LEVIERS_TEST_SAMPLES")
# Those that hold offline; the others ask for lists that are on the web.
SHAPES = ("shapes.ttl", "range.ttl", "deprecateduris.ttl")


@pytest.fixture(scope="module")
def edition(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editions")
    result = demo.home.run_here("publish", "--to", str(folder))
    assert result.exit_code == 0, result.output
    return folder / "latest"


def test_an_edition_of_the_demo_is_verified(demo: FinishedRun, edition: Path) -> None:
    result = demo.home.run_here("publish", "--verify", str(edition))
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="module")
def catalogue(edition: Path) -> Graph:
    return Graph().parse(edition / "catalogue.jsonld", publicID=f"{BASE}catalogue.jsonld")


def test_its_catalogue_names_publisher_licence_dates_and_every_file(catalogue: Graph, edition: Path) -> None:
    files = [str(address).removeprefix(BASE) for address in catalogue.objects(None, DCAT.downloadURL)]
    parquet = [path.relative_to(edition.resolve()).as_posix() for path in edition.resolve().glob("parquet/*")]
    assert sorted(files) == sorted(["leviers.duckdb", "leviers-bi.duckdb", *parquet])
    assert {
        date.datatype if isinstance(date, Literal) else None for date in catalogue.objects(None, DCTERMS.issued)
    } == {XSD.dateTime}
    distributions = set(catalogue.subjects(None, DCAT.Distribution))
    assert {node for node in distributions if catalogue.value(node, DCTERMS.license)} == distributions


@pytest.mark.skipif(not SAMPLES, reason="LEVIERS_TEST_SAMPLES names no folder of samples")
@pytest.mark.parametrize("name", SHAPES)
def test_its_catalogue_conforms_to_dcat_ap(catalogue: Graph, name: str) -> None:
    shapes = Graph().parse(Path(SAMPLES or "") / "dcat-ap-3.0.0" / name)
    conforms, _, text = pyshacl.validate(catalogue, shacl_graph=shapes)
    assert conforms, text

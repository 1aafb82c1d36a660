"""The bundle for Superset, read against the file that it is of; `make release PROOFS=bi` has Superset draw it."""

from __future__ import annotations

import zipfile
from typing import Any

import duckdb
import pytest
import yaml

from tests.conftest import FinishedRun

pytestmark = pytest.mark.xdist_group("demo")
Bundle = dict[str, Any]


@pytest.fixture(scope="module")
def bundle(demo: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("bundle")
    for name in ("one.zip", "other.zip"):
        result = demo.home.run_here("bi", "--out", str(folder / name))
        assert result.exit_code == 0, result.output
    assert (folder / "one.zip").read_bytes() == (folder / "other.zip").read_bytes()
    with zipfile.ZipFile(folder / "one.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith(".yaml")]
        return {name.removeprefix("leviers/"): yaml.safe_load(archive.read(name)) for name in names}


@pytest.fixture(scope="module")
def datasets(bundle: Bundle) -> dict[str, dict[str, Any]]:
    return {dataset["uuid"]: dataset for name, dataset in bundle.items() if name.startswith("datasets/")}


def columns_of(dataset: dict[str, Any]) -> dict[str, Any]:
    return {column["column_name"]: column for column in dataset["columns"]}


def source_of(dataset: dict[str, Any]) -> str:
    return f"({dataset['sql']})" if dataset["sql"] else f"vues.{dataset['table_name']}"


def test_the_connection_can_only_read_the_file_of_the_views(bundle: Bundle, demo: FinishedRun) -> None:
    database = bundle["databases/leviers.yaml"]
    assert database["sqlalchemy_uri"] == f"duckdb:///{demo.home.published}"
    arguments = database["extra"]["engine_params"]["connect_args"]
    assert arguments["read_only"] is True
    assert arguments["config"] == {"enable_external_access": False, "lock_configuration": True, "memory_limit": "2GB"}


def test_each_chart_names_what_its_dataset_has(bundle: Bundle, datasets: dict[str, dict[str, Any]]) -> None:
    charts = [chart for name, chart in bundle.items() if name.startswith("charts/")]
    missing = []
    for chart in charts:
        dataset, params = datasets[chart["dataset_uuid"]], chart["params"]
        columns = set(columns_of(dataset)) | {metric["metric_name"] for metric in dataset["metrics"]}
        names = [name for key in ("all_columns", "groupby", "metrics", "metrics_b") for name in params.get(key, ())]
        names += [params[key] for key in ("x_axis", "metric", "line_column") if isinstance(params.get(key), str)]
        missing += [(chart["slice_name"], name) for name in names if name not in columns]
    assert len(charts) > 20
    assert not missing


def test_a_measure_is_one_row_s_and_a_sum_holds_or_is_empty(
    datasets: dict[str, dict[str, Any]], demo: FinishedRun
) -> None:
    with duckdb.connect(str(demo.home.published), read_only=True) as connection:
        mixed = []
        for dataset in datasets.values():
            source = source_of(dataset)
            for metric in dataset["metrics"]:
                name = metric["metric_name"]
                if name.startswith("seul_"):
                    condition = f"({metric['expression']}) is null or count({name.removeprefix('seul_')}) = 1"
                    if connection.execute(f"select {condition} from {source}").fetchall() != [(True,)]:
                        mixed.append((dataset["table_name"], name))
        assert not mixed

        [observed] = [dataset for dataset in datasets.values() if dataset["table_name"] == "fait_observation"]
        [total] = [metric["expression"] for metric in observed["metrics"] if metric["metric_name"] == "somme_valeur"]
        groups = "select est_additif, niveau, indicateur_id, annee, count(*), sum(valeur), " + total
        wrong = connection.execute(
            f"select * from ({groups} from vues.fait_observation group by all) as g(additive, l, i, y, n, due, total) "
            "where total is distinct from case when additive then due end"
        ).fetchall()
        assert not wrong
        across = (
            f"select indicateur_id, {total} as total from vues.fait_observation group by all having total is not null"
        )
        years = (
            "select indicateur_id from vues.fait_observation group by all having count(distinct (annee, niveau)) > 1"
        )
        assert not connection.execute(f"from ({across}) semi join ({years}) using (indicateur_id)").fetchall()

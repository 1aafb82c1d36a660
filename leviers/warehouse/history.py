"""The tables that a publication writes of itself: its checks, its line beside those before it, what it changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from leviers.warehouse.check_row import CheckRow

# Sums of the same parts in another order differ by less.
TOLERANCE = 1e-12


def quoted(text: str | Path) -> str:
    """A literal of SQL, without the white space around it."""
    return "'" + str(text).strip().replace("'", "''") + "'"


@dataclass(frozen=True)
class OwnTable:
    """A published table that no model makes: type and description of each column, and its key."""

    schema: str
    name: str
    description: str
    columns: Mapping[str, tuple[str, str]]
    key: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Schema and name."""
        return f"{self.schema}.{self.name}"


CHECK_RESULTS = OwnTable(
    "quality",
    "fct_check_result",
    "One row per check of the run that made this file: every dbt test and every expectation, and each page that could "
    "not be made.",
    {
        "checked_at": ("timestamp", "End of the run, UTC."),
        "guard": ("varchar", "What made the check: `dbt`, `great_expectations`, or `site` for a page that is missing."),
        "check_name": ("varchar", "The dbt test, the type of the expectation, or `page_is_made`."),
        "subject": ("varchar", "The model, the suite or the page that was checked."),
        "column_name": ("varchar", "The column, or those of a key, separated by commas; NULL where it is about none."),
        "status": ("varchar", "`passed`, `failed`, or `crashed` where the check itself could not run."),
        "severity": ("varchar", "An `error` blocks the publication, a `warning` is told."),
        "expected": ("varchar", "What the check asks for."),
        "observed": ("varchar", "What it found."),
        "message": ("varchar", "The line that the run says."),
        "message_fr": ("varchar", "What it asks for and has found, in French."),
        "guard_label_fr": ("varchar", "The guard in French."),
        "status_label_fr": ("varchar", "The status in French."),
        "severity_label_fr": ("varchar", "The severity in French."),
    },
)
CHECKS_IN_FRENCH = OwnTable(
    "vues",
    "fait_controle",
    "A row per check of the run that made this file, as `fct_check_result`, in French.",
    {
        "garde": ("varchar", "What made the check, as a code."),
        "garde_libelle": ("varchar", "The same in French."),
        "controle": ("varchar", "The dbt test, the type of the expectation, or `page_is_made`."),
        "objet": ("varchar", "The model, the suite or the page that was checked."),
        "colonne": ("varchar", "The column, or those of a key; NULL where it is about none."),
        "jeu_id": ("varchar", "Dataset that a suite checks; NULL where it is about none."),
        "resultat": ("varchar", "How it ended, as a code."),
        "resultat_libelle": ("varchar", "The same in French."),
        "est_passe": ("boolean", "It passed."),
        "gravite": ("varchar", "An `error` blocks the publication, a `warning` is told."),
        "gravite_libelle": ("varchar", "The same in French."),
        "constat": ("varchar", "What it asks for and has found, in French."),
    },
    ("garde", "controle", "objet", "colonne"),
)
_PUBLICATION = "Name of its folder in `publications/`; as text it sorts by time."
_CHANGE_COUNTS = {
    "values_added": ("bigint", "Known now, and in the publication before unknown or not there."),
    "values_restated": ("bigint", "Known in both, and another number."),
    "values_withdrawn": ("bigint", "Known in the publication before, now unknown or not there."),
}
PUBLICATIONS = OwnTable(
    "marts",
    "fct_publication",
    "One row per publication of this home, this one and those before it: when, for which region, how much it holds. "
    "The counts of changes are NULL where no publication was there to compare with.",
    {
        "publication_id": ("varchar", _PUBLICATION),
        "published_at": ("timestamp", "UTC."),
        "previous_publication_id": ("varchar", "The one that it replaced; NULL for the first."),
        "region": ("varchar", "Region in scope, or `all`."),
        "contract_version": ("varchar", "Version of the published tables, as in docs/contract-changelog.md."),
        "dataset_count": ("bigint", "Datasets with a value."),
        "file_count": ("bigint", "Files loaded (`dim_snapshot`)."),
        "indicator_count": ("bigint", "Indicators with a value."),
        "value_count": ("bigint", "Values that are known in `fct_indicator_value`, all of the country."),
        "warning_count": ("bigint", "Checks that did not pass and are told with the data."),
        **_CHANGE_COUNTS,
        "contact": ("varchar", "Who answers for it, as `LEVIERS_CONTACT` said; NULL where it said nothing."),
    },
    ("publication_id",),
)
CHANGES = OwnTable(
    "marts",
    "fct_change",
    "One row per publication, dataset and indicator of which a value of `fct_indicator_value` is not what it was in "
    "the publication before. A territory whose code has changed is withdrawn and added.",
    {
        "publication_id": ("varchar", _PUBLICATION),
        "previous_publication_id": ("varchar", "The one that it is compared with."),
        "dataset_id": ("varchar", "Key of `dim_dataset`; of a value that is gone, its last one."),
        "indicator_id": ("varchar", "Key of `dim_indicator`."),
        **_CHANGE_COUNTS,
        "largest_restatement_pct": (
            "double",
            "Of the old value, above or below; NULL where none other than zero was restated.",
        ),
        "first_year": ("integer", "First year of a changed value."),
        "last_year": ("integer", "Last year of a changed value."),
        "has_new_files": (
            "boolean",
            "The dataset stands on other files than before; where it does not, the project computes otherwise.",
        ),
    },
    ("publication_id", "dataset_id", "indicator_id"),
)
CHANGES_IN_FRENCH = OwnTable(
    "vues",
    "fait_changement",
    "A row per publication and what it changed, as `fct_change`, in French. One that changed no value, and the first, "
    "has one row that says so.",
    {
        "publication_id": ("varchar", _PUBLICATION),
        "publie_le": ("timestamp", "UTC."),
        "constat": ("varchar", "Whether values changed, none did, or it is the first."),
        "jeu_id": ("varchar", "Dataset; NULL where no value changed."),
        "jeu": ("varchar", "Its title."),
        "indicateur_id": ("varchar", "Key of `dim_indicateur`; NULL where no value changed."),
        "indicateur": ("varchar", "Its label."),
        "valeurs_ajoutees": ("bigint", "Values that were not known before."),
        "valeurs_revisees": ("bigint", "Values that are another number."),
        "valeurs_retirees": ("bigint", "Values that are no longer known."),
        "plus_forte_revision_pct": ("double", "Largest restatement, of the old value."),
        "premiere_annee": ("integer", "First year of a changed value."),
        "derniere_annee": ("integer", "Last year of a changed value."),
        "a_de_nouveaux_fichiers": (
            "boolean",
            "The dataset stands on other files; else the project computes otherwise.",
        ),
    },
    ("publication_id", "jeu_id", "indicateur_id"),
)
PUBLICATIONS_IN_FRENCH = OwnTable(
    "vues",
    "fait_publication",
    "A row per publication of this home, as `fct_publication`, in French.",
    {
        "publication_id": ("varchar", _PUBLICATION),
        "publie_le": ("timestamp", "UTC."),
        "publication_precedente_id": ("varchar", "The one that it replaced; NULL for the first."),
        "region_demandee": ("varchar", "Region in scope, or `all`."),
        "version_du_contrat": ("varchar", "Version of the published tables."),
        "nombre_fichiers": ("bigint", "Files loaded."),
        "nombre_series": ("bigint", "Indicators with a value."),
        "nombre_valeurs": ("bigint", "Values that are known, all of the country."),
        "nombre_avertissements": ("bigint", "Checks that did not pass and are told with the data."),
        "valeurs_ajoutees": ("bigint", "Values that the one before did not know; NULL for the first."),
        "valeurs_revisees": ("bigint", "Values that are another number."),
        "valeurs_retirees": ("bigint", "Values that are no longer known."),
        "contact": ("varchar", "Who answers for it; NULL where nobody was named."),
    },
    ("publication_id",),
)
# What each published schema is for, in French; DuckDB keeps no comment on a schema.
SCHEMAS = {
    "marts": "Les tables de référence, pour qui écrit des requêtes : dimensions, faits, ponts. Les noms et les codes "
    "sont en anglais et stables ; tout le pays que les fichiers contiennent y est, et is_in_scope de dim_territory "
    "donne la région.",
    "quality": "Ce que les contrôles ont trouvé : contrôles passés ou non, lignes écartées, valeurs impossibles, "
    "écarts entre échelons, années incomplètes.",
    "vues": "Des vues en français, prêtes pour un outil de BI : la région demandée, les libellés à côté des codes, une "
    "date pour l'axe du temps, la confiance et la source sur chaque ligne. À prendre en premier.",
}
ABOUT_SCHEMA = OwnTable(
    "marts",
    "about_schema",
    "One row per schema of this file: what it is for.",
    {
        "schema_name": ("varchar", "Schema."),
        "about_fr": ("varchar", "What it is for, in French."),
    },
    ("schema_name",),
)
OWN_TABLES = (
    CHECK_RESULTS, ABOUT_SCHEMA, PUBLICATIONS, CHANGES, CHECKS_IN_FRENCH, PUBLICATIONS_IN_FRENCH, CHANGES_IN_FRENCH,
)  # fmt: skip


@dataclass(frozen=True)
class Publication:
    """A publication: its name, time, region and contract, who answers for it, and the one before it."""

    publication_id: str
    published_at: datetime
    region: str
    contract_version: str
    contact: str | None
    previous: Path | None

    @property
    def previous_id(self) -> str | None:
        """The folder of the publication before."""
        return self.previous.resolve().parent.name if self.previous else None


def write_own_tables(
    connection: duckdb.DuckDBPyConnection, publication: Publication, checks: Iterable[CheckRow]
) -> None:
    """Writes the tables of this module into the database ``published`` of a connection, which holds the others."""
    for table in OWN_TABLES:
        columns = ", ".join(f"{name} {kind}" for name, (kind, _) in table.columns.items())
        connection.execute(f"create table published.{table.address} ({columns})")
    connection.executemany(f"insert into published.{ABOUT_SCHEMA.address} values (?, ?)", [*SCHEMAS.items()])
    _insert_checks(connection, publication, checks)
    if publication.previous:
        connection.execute(f"attach {quoted(publication.previous)} as previous (read_only)")
        _keep_history(connection)
        connection.execute(_CHANGE_ROWS, [publication.publication_id, publication.previous_id])
        connection.execute("detach previous")
    connection.execute(
        _PUBLICATION_ROW,
        [
            publication.publication_id,
            publication.published_at,
            publication.previous_id,
            publication.region,
            publication.contract_version,
            publication.contact,
        ],
    )
    connection.execute(_PUBLICATION_ROWS_IN_FRENCH)
    connection.execute(_CHANGE_ROWS_IN_FRENCH)


def add_missing_pages(
    connection: duckdb.DuckDBPyConnection, publication: Publication, missing: Collection[CheckRow]
) -> None:
    """Adds to the checks of ``published`` the pages that could not be made from it."""
    _insert_checks(connection, publication, missing)
    for table, column in ((PUBLICATIONS, "warning_count"), (PUBLICATIONS_IN_FRENCH, "nombre_avertissements")):
        connection.execute(
            f"update published.{table.address} set {column} = {column} + ? where publication_id = ?",
            [len(missing), publication.publication_id],
        )


def _insert_checks(connection: duckdb.DuckDBPyConnection, publication: Publication, checks: Iterable[CheckRow]) -> None:
    rows = [{"checked_at": publication.published_at, **asdict(check), **check.french} for check in checks]
    if rows:
        connection.register("checks", pa.Table.from_pylist(rows))
        connection.execute(f"insert into published.{CHECK_RESULTS.address} by name from checks")
        connection.execute(_CHECK_ROWS_IN_FRENCH)


def _keep_history(connection: duckdb.DuckDBPyConnection) -> None:
    """Takes over what the publication before tells of itself and of those before it; contracts before 1.5.0 do not."""
    for table in (PUBLICATIONS, CHANGES):
        known = connection.execute(
            "select 1 from duckdb_tables() where database_name = 'previous' and table_name = ?", [table.name]
        ).fetchall()
        if known:
            connection.execute(f"insert into published.{table.address} by name from previous.{table.address}")


_CHECK_ROWS_IN_FRENCH = f"""
insert into published.{CHECKS_IN_FRENCH.address} by name
select
    checks.guard as garde,
    checks.guard_label_fr as garde_libelle,
    checks.check_name as controle,
    checks.subject as objet,
    checks.column_name as colonne,
    datasets.dataset_id as jeu_id,
    checks.status as resultat,
    checks.status_label_fr as resultat_libelle,
    checks.status = 'passed' as est_passe,
    checks.severity as gravite,
    checks.severity_label_fr as gravite_libelle,
    checks.message_fr as constat
from checks
left join published.marts.dim_dataset as datasets on split_part(checks.subject, '__', 1) = datasets.dataset_id
"""
_PUBLICATION_ROWS_IN_FRENCH = f"""
insert into published.{PUBLICATIONS_IN_FRENCH.address} by name
select
    publication_id,
    published_at as publie_le,
    previous_publication_id as publication_precedente_id,
    region as region_demandee,
    contract_version as version_du_contrat,
    file_count as nombre_fichiers,
    indicator_count as nombre_series,
    value_count as nombre_valeurs,
    warning_count as nombre_avertissements,
    values_added as valeurs_ajoutees,
    values_restated as valeurs_revisees,
    values_withdrawn as valeurs_retirees,
    contact
from published.{PUBLICATIONS.address}
"""
_CHANGE_ROWS_IN_FRENCH = f"""
insert into published.{CHANGES_IN_FRENCH.address} by name
select
    publications.publication_id,
    publications.published_at as publie_le,
    case
        when publications.previous_publication_id is null then 'première publication'
        when changes.publication_id is null then 'aucune valeur n''a changé'
        else 'des valeurs ont changé'
    end as constat,
    changes.dataset_id as jeu_id,
    datasets.title_fr as jeu,
    changes.indicator_id as indicateur_id,
    indicators.label_fr as indicateur,
    changes.values_added as valeurs_ajoutees,
    changes.values_restated as valeurs_revisees,
    changes.values_withdrawn as valeurs_retirees,
    changes.largest_restatement_pct as plus_forte_revision_pct,
    changes.first_year as premiere_annee,
    changes.last_year as derniere_annee,
    changes.has_new_files as a_de_nouveaux_fichiers
from published.{PUBLICATIONS.address} as publications
left join published.{CHANGES.address} as changes on publications.publication_id = changes.publication_id
left join published.marts.dim_dataset as datasets on changes.dataset_id = datasets.dataset_id
left join published.marts.dim_indicator as indicators on changes.indicator_id = indicators.indicator_id
"""
# What changed between the databases ``previous`` and ``published``, by dataset and indicator.
CHANGED_VALUES = f"""
with compared as (
    select
        coalesce(n.dataset_id, o.dataset_id) as dataset_id,
        coalesce(n.indicator_id, o.indicator_id) as indicator_id,
        coalesce(n.year, o.year) as year,
        o.value as old_value,
        n.value as new_value
    from previous.marts.fct_indicator_value as o
    full join published.marts.fct_indicator_value as n
        on
            o.indicator_id = n.indicator_id
            and o.territory_level = n.territory_level
            and o.territory_code = n.territory_code
            and o.year = n.year
    where
        (o.value is null) <> (n.value is null)
        or abs(o.value - n.value) > {TOLERANCE} * greatest(abs(o.value), abs(n.value))
),

files as (
    select dataset_id
    from (
        select dataset_id, sha256, 'old' as publication from previous.marts.dim_snapshot
        union all
        select dataset_id, sha256, 'new' as publication from published.marts.dim_snapshot
    )
    group by dataset_id, sha256
    having count(distinct publication) = 1
)

select
    dataset_id,
    indicator_id,
    count(*) filter (where old_value is null) as values_added,
    count(*) filter (where old_value is not null and new_value is not null) as values_restated,
    count(*) filter (where new_value is null) as values_withdrawn,
    max(100 * abs(new_value - old_value) / nullif(abs(old_value), 0)) as largest_restatement_pct,
    min(year) as first_year,
    max(year) as last_year,
    dataset_id in (select files.dataset_id from files) as has_new_files
from compared
group by dataset_id, indicator_id
"""
_CHANGE_ROWS = f"""
insert into published.{CHANGES.address} by name
select $1 as publication_id, $2 as previous_publication_id, changed.* from ({CHANGED_VALUES}) as changed
order by dataset_id, indicator_id
"""

_PUBLICATION_ROW = f"""
insert into published.{PUBLICATIONS.address} by name
with counts as (
    select
        count(distinct dataset_id) as dataset_count,
        count(distinct indicator_id) as indicator_count,
        count(*) as value_count
    from published.marts.fct_indicator_value
    where value is not null
),

changes as (
    select
        coalesce(sum(values_added), 0) as values_added,
        coalesce(sum(values_restated), 0) as values_restated,
        coalesce(sum(values_withdrawn), 0) as values_withdrawn
    from published.{CHANGES.address}
    where publication_id = $1
)

select
    $1 as publication_id,
    $2 as published_at,
    $3 as previous_publication_id,
    $4 as region,
    $5 as contract_version,
    counts.dataset_count,
    (select count(*) from published.marts.dim_snapshot) as file_count,
    counts.indicator_count,
    counts.value_count,
    (select count(*) from published.{CHECK_RESULTS.address} where status <> 'passed') as warning_count,
    if($3 is null, null, changes.values_added) as values_added,
    if($3 is null, null, changes.values_restated) as values_restated,
    if($3 is null, null, changes.values_withdrawn) as values_withdrawn,
    $6 as contact
from counts
cross join changes
"""

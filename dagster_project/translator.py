"""What Dagster shows of a dbt model: its group, description and tags."""

from collections.abc import Mapping
from typing import Any

from dagster_dbt import DagsterDbtTranslator

from dagster_project.described import levers_by_model, tags_of


class Translator(DagsterDbtTranslator):
    """dbt models keep their own name and folder; sources keep [schema, table], the key of the raw assets."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Returns the schema of a model. In a large schema, the second folder of the model is added."""
        schema = str(dbt_resource_props["schema"])
        return f"{schema}_{dbt_resource_props['fqn'][2]}" if schema in ("intermediate", "marts") else schema

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Returns the description in the YAML, without the SQL that dagster-dbt adds to it."""
        return str(dbt_resource_props["description"])

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        """Returns the producer and the levers of a model of one source."""
        (_, layer, folder, *_), name = dbt_resource_props["fqn"], dbt_resource_props["name"]
        if layer == "staging" or folder == "sources":
            producer = folder if layer == "staging" else name.split("_")[1]
            return {"producer": producer, **tags_of(levers_by_model().get(name, ()))}
        return {}

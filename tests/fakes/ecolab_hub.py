"""The State's hub of territorial indicators on data.gouv.fr: datasets found by tag, one CSV per geographical level."""

from __future__ import annotations

from tests.fakes.data_gouv import GouvDataset, Resource

ORGANIZATION = "67884b4da4fca9c97bbef479"
TAG = "ecospheres-indicateurs"
CODES = {"region": "76", "departement": "31", "epci": "243100518", "commune": "31555"}


def indicator(number: int, levers: list[str], levels: list[str]) -> GouvDataset:
    """A dataset of the hub with one resource per level, and one resource that is no level of it."""
    slug = f"indicateur-test-{number}"
    resources = [
        Resource(
            resource_id=f"00000000-0000-4000-8000-{number:06d}{index:06d}",
            title=f"{slug}-{level}.csv",
            body=level_csv(level, number),
            extras={TAG: {"maille": level, "value-column": "valeur", "axes": []}},
        )
        for index, level in enumerate(levels)
    ]
    documentation = Resource(
        f"00000000-0000-4000-9000-{number:012d}", "Documentation", b"%PDF-1.4 test", "pdf", type="documentation"
    )
    return GouvDataset(
        dataset_id=f"67000000000000000000{number:04d}",
        slug=slug,
        resources=[*resources, documentation],
        tags=[TAG, *(f"{TAG}-levier-{lever}" for lever in levers), *(f"{TAG}-maille-{level}" for level in levels)],
        organization=ORGANIZATION,
        extras={TAG: {"mailles_geographiques": levels}},
    )


def level_csv(level: str, number: int) -> bytes:
    rows = [
        f"{year}-01-01T00:00:00.000,{CODES[level]},{level.capitalize()} Test {number},{year - 2000 + number}.5"
        for year in range(2018, 2025)
    ]
    return "\n".join([f"date_mesure,geocode_{level},libelle_{level},valeur", *rows, ""]).encode()

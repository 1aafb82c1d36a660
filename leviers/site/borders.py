"""Territories of several regions, and which part of them the shares count."""

from __future__ import annotations

from dataclasses import dataclass

from leviers.text.french import in_region, number, plural


@dataclass(frozen=True)
class Border:
    """A territory of several regions, and its part in one of them: communes and inhabitants, there and in all."""

    level: str
    code: str
    region_code: str
    region: str
    main_region: str  # where most of its inhabitants live
    communes: int
    communes_in_all: int
    population: int | None
    population_in_all: int | None

    @property
    def inside(self) -> str:
        """Its part, in words that follow a preposition."""
        return f"ses {plural(self.communes, 'commune')} {in_region(self.region)}"

    def __str__(self) -> str:
        """What the shares count, and what they do not."""
        communes = f"{number(self.communes)} de ses {plural(self.communes_in_all, 'commune')}"
        lives = (
            f", {number(self.population)} de ses {plural(self.population_in_all, 'habitant')},"
            if self.population is not None and self.population_in_all is not None
            else ""
        )
        elsewhere = (
            "Ce territoire déborde de sa région."
            if self.region == self.main_region
            else f"La plupart des habitants de ce territoire sont {in_region(self.main_region)}."
        )
        verb = "est" if self.communes == 1 else "sont"
        return (
            f"{elsewhere} {communes}{lives} {verb} {in_region(self.region)} : les parts indicatives ne portent que sur "
            "elles, l'observé porte sur le territoire entier ; ce qui serait demandé à une autre région n'est pas "
            "compté."
        )

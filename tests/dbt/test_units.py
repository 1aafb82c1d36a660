"""Every pair of units that meets has a factor in the seed of conversions."""

from __future__ import annotations

from leviers.warehouse.seeds import seed_rows


def conversions() -> set[tuple[str, str]]:
    return {(row["from_unit"], row["to_unit"]) for row in seed_rows("indicators/conversions")}


def test_each_unit_of_a_source_has_a_conversion_to_that_of_its_indicator() -> None:
    unit_of = {row["indicator_id"]: row["unit"] for row in seed_rows("indicators/indicators")}
    pairs = {(row["source_unit"], unit_of[row["indicator_id"]]) for row in seed_rows("indicators/series")}
    assert {pair for pair in pairs if pair[0] != pair[1]} <= conversions()


def test_each_ratio_has_a_conversion_from_the_quotient_of_its_units() -> None:
    indicators = {row["indicator_id"]: row for row in seed_rows("indicators/indicators")}
    pairs = set()
    for ratio in indicators.values():
        if ratio["numerator_id"] and ratio["denominator_id"]:
            above, below = (indicators[ratio[side]]["unit"] for side in ("numerator_id", "denominator_id"))
            pairs.add(("1" if above == below else f"{above}/{below}", ratio["unit"]))
    assert pairs
    assert pairs <= conversions()


def test_a_share_is_bounded_by_nothing_and_the_whole() -> None:
    """The whole may be a rounding away from 100."""
    bounds = {
        (float(row["min_plausible"]), round(float(row["max_plausible"]), 1))
        for row in seed_rows("indicators/indicators")
        if row["unit"] == "%"
    }
    assert bounds
    assert all(0 <= smallest < largest <= 100 for smallest, largest in bounds)


def test_a_verdict_converts_from_the_unit_of_its_series() -> None:
    unit_of = {row["indicator_id"]: row["unit"] for row in seed_rows("indicators/indicators")}
    from_unit = {row["conversion"]: row["from_unit"] for row in seed_rows("indicators/conversions")}
    converted = [row for row in seed_rows("policy/verdict_rules") if row["conversion"]]
    assert converted
    assert [
        (row["indicator_id"], row["conversion"])
        for row in converted
        if from_unit[row["conversion"]] != unit_of[row["indicator_id"]]
    ] == []


def test_terms_that_are_added_or_compared_have_one_unit() -> None:
    unit_of = {row["indicator_id"]: row["unit"] for row in seed_rows("indicators/indicators")}
    pairs = [
        (row["indicator_id"], row["compared_indicator_id"])
        for row in seed_rows("indicators/reconciled_series")
        if row.get("compared_indicator_id")
    ]
    assert [pair for pair in pairs if unit_of[pair[0]] != unit_of[pair[1]]] == []

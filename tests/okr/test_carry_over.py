from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from okr.carry_over import carried
from okr.objectives import Kind, Measure, Milestone
from tests.okr.goals import key_result
from tests.okr.worked import rows


@pytest.mark.parametrize("row", rows("carry-over", "数从哪儿接着走"))
def test_where_a_number_goes_on_by_the_page(row: dict[str, str]) -> None:
    measure = Measure(
        Kind.NUMBER,
        start=Decimal(row["起始"]),
        target=Decimal(row["目标"]),
        cumulative=row["类型"] == "累计",
    )
    went_on = carried(key_result(34, measure, None if row["现在"] == "–" else row["现在"]))

    assert went_on is not None
    assert (went_on.start, went_on.target) == (Decimal(row["新的起始"]), Decimal(row["新的目标"]))


def test_of_a_list_what_is_not_done_goes_on_without_its_days() -> None:
    steps = (Milestone("选址", done=True), Milestone("装修", Decimal(2), date(2026, 12, 20)))
    went_on = carried(key_result(34, Measure(Kind.MILESTONE, milestones=steps), "0.33"))

    assert went_on is not None
    assert went_on.milestones == (Milestone("装修", Decimal(2)),)
    done = tuple(Milestone(step.title, done=True) for step in steps)
    assert carried(key_result(34, Measure(Kind.MILESTONE, milestones=done), "1")) is None


@pytest.mark.parametrize("kind", [Kind.BOOLEAN, Kind.BASELINE])
def test_what_is_done_does_not_go_on(kind: Kind) -> None:
    assert carried(key_result(34, Measure(kind), "1")) is None
    assert carried(key_result(34, Measure(kind))) == Measure(kind)


def test_a_band_and_rungs_stay_as_they_are() -> None:
    band = Measure(Kind.MAINTAIN, "%", high=Decimal(2))
    assert carried(key_result(34, band, "3")) == band
    rungs = Measure(Kind.ORDINAL, rungs=("及格", "良好", "优秀"))
    assert carried(key_result(34, rungs, "1")) == rungs

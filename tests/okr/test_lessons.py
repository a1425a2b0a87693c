"""What a cycle has taught: the page's rows, and where there is nothing to say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from okr.lessons import lessons_of
from tests.okr.goals import key_result, number, objective
from tests.okr.worked import rows

D = Decimal


@pytest.mark.parametrize("scored", [True, False])
@pytest.mark.parametrize("row", rows("carry-over", "上个周期学到的"))
def test_the_rows_of_the_page(row: dict[str, str], *, scored: bool) -> None:
    share = D(row["评分或进度"])
    kr = key_result(7, number("0", "100"), str(share * 100), title="损耗率")
    cause, _, words = (row["评分的原因"] or row["复盘里写的"]).partition(":")

    found = lessons_of("2026Q4", [objective(kr)], {7: share} if scored else {}, {7: (cause, words)})

    assert found is not None
    if row["说"] == "做成":
        assert (found.reached, found.missed) == (("损耗率",), ())
        return
    assert found.reached == ()
    said = ":".join(part for part in (found.missed[0].cause, found.missed[0].words) if part)
    assert row["说"] == (f"没到({said})" if said else "没到")


def test_the_best_and_the_worst_come_first() -> None:
    krs = [
        key_result(n, number("0", "100"), str(value), title=f"第{n}")
        for n, value in ((1, 70), (2, 10), (3, 100), (4, 50))
    ]

    found = lessons_of("2026Q4", [objective(*krs)], {}, {})

    assert found is not None
    assert found.reached == ("第3", "第1")
    assert [one.title for one in found.missed] == ["第2", "第4"]


def test_without_goals_there_is_nothing_to_learn() -> None:
    assert lessons_of("2026Q4", [], {}, {}) is None
    assert lessons_of("2026Q4", [replace(objective(), key_results=())], {}, {}) is None

"""What leaves the chat: files, and the pages of the board."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from tests.figures import by_hand
from tests.figures.by_hand import MONDAY, NOVEMBER, WEEK
from tests.figures.company import HEAD, Company, head_of
from tests.figures.goals import STORE
from tests.figures.points import METRICS, STORES, TODAY, of_store
from tests.figures.said import assert_is


async def test_files(company: Company) -> None:
    for store in STORES[:2]:
        rows = await company.exports(HEAD, f"导出 日报 {store}")
        assert len(rows) == 30
        for row in rows:
            for key, spec in METRICS.items():
                heading = next((one for one in row if one.startswith(spec.name)), None)
                value = company.total(key, row["日期"], row["日期"], of_store(store))
                if heading is None:
                    assert value is None
                    continue
                cell = row[heading]
                percent = hasattr(cell, "share")
                assert_close(cell.share * 100 if percent else cell, value)
    rows = await company.exports(HEAD, "导出 排名 门店 销售额 本月")
    values = by_hand.values_of(company, "门店", "sales", NOVEMBER, TODAY)
    places = by_hand.placed(values)
    assert len(rows) >= 3
    for row in rows:
        name = row[next(one for one in row if row[one] in places)]
        assert row["名次"] == places[name]
        assert any(not isinstance(cell, str) and cell == values[name] for cell in row.values()), row


def assert_close(cell: object, value: Fraction | None) -> None:
    """A cell holds the number itself, to six decimals."""
    if value is None:
        assert cell in ("", None), cell
        return
    assert abs(Fraction(str(cell)) - value) <= Fraction(1, 10**4), (cell, float(value))


async def test_the_board(company: Company) -> None:
    page = await company.page(head_of(STORE), f"figures/{STORE}")
    for panel in page.panels:  # type: ignore[attr-defined]
        assert len(panel.rows) > 10
        for label, said in panel.rows:
            month, day = re.findall(r"\d+", label)[:2]
            on = date(2026, int(month), int(day))
            assert_is(said, company.total(panel.key, on, on, of_store(STORE)))
    ranking = await company.page(HEAD, "ranking", kind="门店", measure="sales", span="本月")
    values = by_hand.values_of(company, "门店", "sales", NOVEMBER, TODAY)
    assert ranking.seats  # type: ignore[attr-defined]
    for seat in ranking.seats:  # type: ignore[attr-defined]
        assert seat.place == by_hand.placed(values)[seat.name]
        assert_is(seat.value, values[seat.name])
    unit = await company.page(HEAD, f"unit/{STORE}")
    assert {tile.name for tile in unit.tiles} >= {"销售额", "订单数"}  # type: ignore[attr-defined]
    for tile in unit.tiles:  # type: ignore[attr-defined]
        key = next(key for key, spec in METRICS.items() if spec.name == tile.name)
        if METRICS[key].kind != "ratio":
            newest = max(company.days(key, MONDAY - WEEK, TODAY, of_store(STORE)))
            assert_is(tile.value, company.total(key, newest, newest, of_store(STORE)))

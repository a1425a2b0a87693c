from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.forecast import Forecast, Method, forecast
from okr.objectives import Kind, Measure
from tests.okr.goals import Q4, TODAY, key_result, number
from tests.okr.worked import rows

Points = list[tuple[date, Decimal]]


def day(number_of: int) -> date:
    return Q4.start + timedelta(days=number_of)


def points_of(cell: str) -> Points:
    pairs = [word.split(":") for word in cell.split(", ") if word != "没有"]
    return [(day(int(number_of)), Decimal(value)) for number_of, value in pairs]


def heading(row: dict[str, str]) -> Forecast | None:
    measure = number(row["起始"], row["目标"], cumulative=row["累计"] == "是")
    left = None if row["剩工作日"] == "–" else int(row["剩工作日"])
    return forecast(
        key_result(1, measure), points_of(row["报的数"]), Q4, day(int(row["今天"])), working_days_left=left
    )


def near(found: Decimal | None, cell: str) -> bool:
    """Whether the number is the cell's, as far as the cell tells."""
    if cell == "–" or found is None:
        return cell == "–" and found is None
    said = Decimal(cell)
    return abs(found - said) <= Decimal("0.51").scaleb(int(said.as_tuple().exponent))


@pytest.mark.parametrize("row", rows("forecast", "例子"))
def test_forecasts_of_the_page(row: dict[str, str]) -> None:
    found = heading(row)
    if row["算法"] == "数据不足":
        assert found is None
        return
    assert found is not None
    assert found.method == row["算法"]
    assert near(found.recent, row["近来每天"])
    assert near(found.value, row["期末"])
    assert near(found.attainment * 100, row["会完成"].rstrip("%"))
    arrival = "不会" if found.reaches_on is None else f"第 {(found.reaches_on - Q4.start).days} 天"
    assert arrival == row["到目标"]
    assert near(found.required, row["每天得走"])
    assert near(found.required_per_working_day, row["每工作日"])
    assert near(found.ratio, row["倍数"])
    assert near(found.short, row["还差"])
    assert found.resource_gap is (row["资源缺口"] == "是")


TREND = points_of("19:17.2, 26:22.8, 33:28.4, 40:34.0")


def test_a_company_may_call_it_a_gap_later() -> None:
    found = forecast(key_result(1, number("0", "100")), TREND, Q4, day(40), gap_from=Decimal(2))
    assert found is not None
    assert not found.resource_gap


def test_the_way_ends_on_a_deadline_of_its_own() -> None:
    found = forecast(key_result(1, number("0", "100"), due=day(60)), TREND, Q4, day(40))
    assert found is not None
    assert found.value == 50
    assert found.required == Decimal("3.3")


def test_of_a_day_the_last_value_holds_and_only_the_cycle_until_today_is_looked_at() -> None:
    around = [(day(-1), Decimal(99)), (day(40), Decimal(1)), *TREND, (day(41), Decimal(99))]
    kr = key_result(1, number("0", "100"))
    assert forecast(kr, around, Q4, day(40)) == forecast(kr, TREND, Q4, day(40))


def test_an_old_value_is_continued_from_its_day() -> None:
    """Four values, all older than four weeks: the pace is that since the start."""
    found = forecast(key_result(1, number("0", "100")), TREND, Q4, day(80))
    assert found is not None
    assert found.method is Method.RUN_RATE
    assert found.value == Decimal(34) + Decimal(34) / 40 * 51
    assert found.required == 6


@pytest.mark.parametrize(
    "measure",
    [
        Measure(Kind.BOOLEAN),
        Measure(Kind.MAINTAIN, high=Decimal(2)),
        number(None, "100"),
        number("0", None),
        number("5", "5"),
    ],
)
def test_only_a_number_on_its_way_is_forecast(measure: Measure) -> None:
    assert forecast(key_result(1, measure), TREND, Q4, TODAY) is None


slopes = st.decimals(-50, 50, places=2)


@given(
    start=st.decimals(-1000, 1000, places=1),
    slope=slopes,
    days=st.sets(st.integers(13, 40), min_size=4).filter(lambda days: max(days) - min(days) >= 10),
)
def test_a_straight_line_is_continued_exactly(start: Decimal, slope: Decimal, days: set[int]) -> None:
    line = [(day(number_of), start + slope * number_of) for number_of in sorted(days)]
    kr = key_result(1, number(str(start - 200_000), "200000"))
    found = forecast(kr, line, Q4, day(40))
    assert found is not None
    assert found.method is Method.TREND
    assert abs(found.recent - slope) < Decimal("1e-18")
    assert abs(found.value - (start + slope * 91)) < Decimal("1e-15")


@given(
    values=st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=12),
    target=st.decimals(1, 10**6, places=2),
    today=st.integers(12, 91),
    cumulative=st.booleans(),
)
def test_what_holds_of_every_forecast(
    values: list[Decimal], target: Decimal, today: int, cumulative: bool
) -> None:
    points = [(day(index + 1), value) for index, value in enumerate(values)]
    kr = key_result(1, number("0", str(target), cumulative=cumulative))
    found = forecast(kr, points, Q4, day(today))
    assert found is not None
    assert found.value >= (values[-1] if cumulative else 0)
    assert (found.short == 0) is (found.attainment >= 1)
    if found.required is not None:
        arrived = values[-1] + found.required * (91 - today)
        assert values[-1] >= target or abs(arrived - target) < Decimal("1e-15")
    if found.reaches_on is not None and found.reaches_on <= Q4.end and values[-1] < target:
        assert found.attainment > Decimal("0.999999")

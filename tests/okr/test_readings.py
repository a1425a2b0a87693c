from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.objectives import Kind, Measure
from okr.readings import Way, entry_on, falls, in_ten_thousands, is_jump, next_value, ratio, value_on
from okr.refusals import NotANumberGoal, OutOfRange
from tests.okr.goals import number
from tests.okr.worked import rows

SHANGHAI = ZoneInfo("Asia/Shanghai")
VISITORS = number("1000", "1100")
amounts = st.decimals(-(10**9), 10**9, places=4)


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    on_at: datetime
    value: Decimal | None
    taken_back: bool = False


def line(line_id: int, hour: int, value: str | None, *, taken_back: bool = False, day: int = 5) -> Line:
    return Line(
        line_id, datetime(2026, 11, day, hour, tzinfo=UTC), Decimal(value) if value else None, taken_back
    )


@pytest.mark.parametrize(
    ("current", "amount", "way", "value"),
    [
        ("1050", "1070", Way.SET, "1070"),
        ("1050", "20", Way.ADD, "1070"),
        ("1050", "-3", Way.ADD, "1047"),
        (None, "20", Way.ADD, "1020"),
        ("1050", "-3", Way.SET, "-3"),
    ],
)
def test_a_report_sets_or_changes_a_value(current: str | None, amount: str, way: Way, value: str) -> None:
    before = None if current is None else Decimal(current)
    assert next_value(VISITORS, before, Decimal(amount), way) == Decimal(value)


@pytest.mark.parametrize(
    ("kind", "amount", "way"),
    [
        (Kind.MILESTONE, "1", Way.SET),
        (Kind.BOOLEAN, "0.5", Way.SET),
        (Kind.BOOLEAN, "1", Way.ADD),
        (Kind.ORDINAL, "0.3", Way.ADD),
    ],
)
def test_what_has_no_number_takes_none(kind: Kind, amount: str, way: Way) -> None:
    with pytest.raises(NotANumberGoal) as refused:
        next_value(Measure(kind), None, Decimal(amount), way, ref="KR36")
    assert refused.value.facts == {"ref": "KR36", "kind": kind}


@pytest.mark.parametrize(
    ("measure", "amount"), [(Measure(Kind.ORDINAL), "0.5"), (VISITORS, "1e20"), (VISITORS, "NaN")]
)
def test_what_cannot_be_a_value_is_out_of_range(measure: Measure, amount: str) -> None:
    with pytest.raises(OutOfRange):
        next_value(measure, None, Decimal(amount))


@given(current=amounts, change=amounts)
def test_a_change_can_be_undone(current: Decimal, change: Decimal) -> None:
    changed = next_value(VISITORS, current, change, Way.ADD)
    assert next_value(VISITORS, changed, -change, Way.ADD) == current


@pytest.mark.parametrize(
    ("measure", "old", "new", "jumps"),
    [
        (VISITORS, "1050", "1100", False),
        (VISITORS, "1050", "1101", True),
        (VISITORS, "1050", "105", True),
        (VISITORS, None, "1050", False),
        (VISITORS, None, "1051", True),
        (number("8", "5", "%"), "6.9", "5.4", False),
        (number("8", "5", "%"), "6.9", "69", True),
        (number(None, "5"), None, "999", False),
        (Measure(Kind.MAINTAIN, high=Decimal(2)), "1", "900", False),
        (Measure(Kind.BOOLEAN), "0", "1", False),
    ],
)
def test_more_than_half_the_way_at_once_is_a_jump(
    measure: Measure, old: str | None, new: str, jumps: bool
) -> None:
    assert is_jump(measure, None if old is None else Decimal(old), Decimal(new)) is jumps


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("1310000", "150", "1500000"),
        ("1310000", "130", None),  # it would have fallen
        ("1310000", "241", None),  # beyond the target
        ("1310000", "1500000", None),
        ("500", "7", None),  # it went by hundreds until now
    ],
)
def test_a_number_may_have_been_said_in_ten_thousands(old: str, new: str, meant: str | None) -> None:
    takings = number("0", "2400000", "元", cumulative=True)
    found = in_ten_thousands(takings, Decimal(old), Decimal(new))
    assert found == (None if meant is None else Decimal(meant))


def test_only_a_sum_may_not_fall() -> None:
    takings = number("0", "1000000", "元", cumulative=True)
    assert falls(takings, Decimal(500), Decimal(499))
    assert not falls(takings, Decimal(500), Decimal(500))
    assert not falls(takings, None, Decimal(-1))
    assert not falls(VISITORS, Decimal(500), Decimal(499))


def test_the_value_of_a_day_is_the_last_that_stands_at_its_end() -> None:
    """15:59 UTC is the last minute of the day in Shanghai; the order of the history does not matter."""
    history = [
        line(5, 16, "1090"),
        line(4, 15, "1080", taken_back=True),
        line(6, 14, "1070"),
        line(3, 14, "1060"),
        line(7, 15, None),
        line(1, 8, "1050", day=3),
    ]
    assert value_on(history, date(2026, 11, 5), SHANGHAI) == 1070
    assert value_on(history, date(2026, 11, 4), SHANGHAI) == 1050
    assert value_on(history, date(2026, 11, 6), SHANGHAI) == 1090
    assert entry_on(history, date(2026, 11, 2), SHANGHAI) is None
    assert value_on(history, date(2026, 11, 2), SHANGHAI) is None


@pytest.mark.parametrize("row", rows("progress", "比率"))
def test_ratios_of_the_page(row: dict[str, str]) -> None:
    found = ratio(Decimal(row["分子"]), Decimal(row["分母"]))
    assert (None if row["比率"] == "无数据" else Decimal(row["比率"])) == (
        None if found is None else round(found, 4)
    )

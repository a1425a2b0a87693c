from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.objectives import Kind, Measure, RollUp, State
from okr.progress import NOTHING, Progress, progress
from okr.refusals import CannotBeSummed, NotANumberGoal, ReasonNeeded, RollsUp
from okr.rollup import (
    Contribution,
    Part,
    can_be_summed,
    check_mode,
    check_typed,
    natural_mode,
    part_weights,
    roll_up,
)
from tests.okr.goals import number
from tests.okr.worked import rows

MODES = {"相加": RollUp.SUM, "平均": RollUp.AVERAGE}


def cells(cell: str) -> list[str]:
    return cell.split(", ")


def span(cell: str, unit: str = "元") -> Measure:
    start, target = cell.split(" → ")
    return number(start, target, unit)


def store(index: int, target: str, value: str, share: str = "1") -> Part:
    """A store's turnover of that target, from 0."""
    known = None if value == "没报" else Decimal(value)
    return Part(
        f"KR{index}",
        progress(number("0", target), known) or NOTHING,
        known,
        Decimal(0),
        Decimal(target),
        "元",
        share=Decimal(share),
    )


def share_of(done: str) -> Progress:
    raw = Decimal(0) if done == "没报" else Decimal(done.rstrip("%")) / 100
    return Progress(raw, min(Decimal(1), raw))


@pytest.mark.parametrize("row", rows("rollup", "相加"))
def test_sums_of_the_page(row: dict[str, str]) -> None:
    parts = [
        store(index, *each)
        for index, each in enumerate(
            zip(cells(row["下级目标"]), cells(row["下级现在"]), cells(row["算给这里"]), strict=True)
        )
    ]
    result = roll_up(span(row["上级"]), RollUp.SUM, parts)
    assert result is not None
    assert result.value == Decimal(row["上级的数"])
    assert f"{result.progress.raw * 100:.1f}%" == row["上级进度"]
    assert sum(each.amount or 0 for each in result.contributions) == result.value


@pytest.mark.parametrize("row", rows("rollup", "加权平均"))
def test_averages_of_the_page(row: dict[str, str]) -> None:
    gone = {int(word) for word in cells(row["退出的"]) if word != "–"}
    columns = zip(cells(row["下级进度"]), cells(row["权重"]), cells(row["算给这里"]), strict=True)
    parts = [
        Part(
            f"KR{index}",
            share_of(done),
            weight=Decimal(weight),
            share=Decimal(share),
            state=State.CANCELLED if index in gone else State.ACTIVE,
        )
        for index, (done, weight, share) in enumerate(columns, 1)
    ]
    result = roll_up(span(row["上级"]), RollUp.AVERAGE, parts)
    assert result is not None
    assert f"{result.progress.raw * 100:.1f}%" == row["上级进度"]
    assert result.value == Decimal(row["上级的数"])


@pytest.mark.parametrize("row", rows("rollup", "能不能相加"))
def test_what_adds_up(row: dict[str, str]) -> None:
    measure = number("0", "100", row["单位"].strip("–"), cumulative=row["累计"] == "是")
    assert natural_mode(measure, row["标题"]) is MODES[row["没说时"]]
    assert can_be_summed(measure) is (row["要求相加"] == "可以")


def test_steps_are_rolled_up_by_hand() -> None:
    steps = Measure(Kind.MILESTONE)
    assert natural_mode(steps) is RollUp.MANUAL
    assert roll_up(steps, RollUp.AVERAGE, [Part("O1", share_of("50%"))]) is None


def test_by_hand_nothing_is_computed() -> None:
    assert roll_up(span("0 → 100"), RollUp.MANUAL, [Part("O1", share_of("50%"))]) is None


@pytest.mark.parametrize("state", [State.DRAFT, State.PENDING, State.PAUSED, State.CANCELLED, State.DELETED])
def test_what_was_known_stays_where_nothing_counts(state: State) -> None:
    assert roll_up(span("0 → 100"), RollUp.AVERAGE, [Part("O1", share_of("50%"), state=state)]) is None


def test_what_is_only_aligned_does_not_count() -> None:
    parts = [Part("O1", share_of("50%")), Part("O2", share_of("100%"), rolls_up=False)]
    result = roll_up(span("0 → 100"), RollUp.AVERAGE, parts)
    assert result is not None
    assert result.contributions == (Contribution("O1", Decimal(1), share_of("50%")),)


def test_a_closed_part_keeps_its_result() -> None:
    result = roll_up(span("0 → 100"), RollUp.AVERAGE, [Part("O1", share_of("50%"), state=State.CLOSED)])
    assert result is not None
    assert result.value == 50


def test_another_unit_is_left_out_of_a_sum_and_named() -> None:
    parts = [store(1, "100", "40"), replace(store(2, "100", "40"), unit="人"), Part("O3", share_of("50%"))]
    result = roll_up(span("0 → 100"), RollUp.SUM, parts)
    assert result is not None
    assert result.value == 40
    assert result.left_out == ("KR2", "O3")


def test_a_sum_of_nothing_but_objectives_is_no_sum() -> None:
    assert roll_up(span("0 → 100"), RollUp.SUM, [Part("O3", share_of("50%"))]) is None


def test_a_part_without_reading_stands_at_its_start() -> None:
    parts = [
        replace(store(1, "1100", "1050"), start=Decimal(1000)),
        replace(store(2, "1100", "没报"), start=Decimal(1000)),
    ]
    result = roll_up(span("2000 → 2200"), RollUp.SUM, parts)
    assert result is not None
    assert result.progress.raw == Decimal("0.25")


def test_a_sum_weighs_by_the_way_to_go() -> None:
    parts = [store(1, "100000", "0"), store(2, "20000", "0"), store(3, "80000", "0", "0.5")]
    assert part_weights(RollUp.SUM, parts) == {
        "KR1": Decimal("0.625"),
        "KR2": Decimal("0.125"),
        "KR3": Decimal("0.25"),
    }


def test_a_computed_value_is_not_typed_over() -> None:
    check_typed("KR7", RollUp.MANUAL)
    with pytest.raises(RollsUp):
        check_typed("KR7", RollUp.SUM)


def test_the_computing_stops_for_a_reason() -> None:
    check_mode("KR7", span("0 → 1"), RollUp.SUM, RollUp.MANUAL, reason="系统换了")
    check_mode("KR7", span("0 → 1"), RollUp.MANUAL, RollUp.SUM)
    with pytest.raises(ReasonNeeded):
        check_mode("KR7", span("0 → 1"), RollUp.SUM, RollUp.MANUAL, reason=" ")


def test_what_cannot_be_computed_is_refused() -> None:
    with pytest.raises(CannotBeSummed):
        check_mode("KR7", span("8 → 5", "%"), RollUp.MANUAL, RollUp.SUM)
    with pytest.raises(NotANumberGoal):
        check_mode("KR7", Measure(Kind.BOOLEAN), RollUp.MANUAL, RollUp.AVERAGE)


fractions = st.decimals(0, 2, places=4)
part_lists = st.lists(
    st.builds(
        lambda index, raw, weight: Part(
            f"KR{index}", Progress(raw, min(Decimal(1), raw)), weight=weight, state=State.ACTIVE
        ),
        st.integers(),
        fractions,
        st.decimals(0, 100, places=1),
    ),
    min_size=1,
    max_size=7,
    unique_by=lambda part: part.ref,
)


@given(parts=part_lists, ends=st.tuples(st.integers(-1000, 1000), st.integers(-1000, 1000)))
def test_an_average_lies_between_its_parts_and_does_not_change_by_repeating(
    parts: list[Part], ends: tuple[int, int]
) -> None:
    measure = span(f"{ends[0]} → {ends[1]}")
    result = roll_up(measure, RollUp.AVERAGE, parts)
    if ends[0] == ends[1]:
        assert result is None
        return
    assert result is not None
    clamped = [part.progress.clamped for part in parts]
    assert min(clamped) <= round(result.progress.clamped, 20) <= max(clamped)
    assert min(ends) <= result.value <= max(ends)
    assert roll_up(measure, RollUp.AVERAGE, parts) == result
    assert sum(each.weight for each in result.contributions) == 1


@given(parts=part_lists)
def test_the_order_of_the_parts_makes_no_difference_to_a_sum(parts: list[Part]) -> None:
    stores = [
        replace(part, value=part.progress.raw * 100, start=Decimal(0), target=Decimal(100), unit="元")
        for part in parts
    ]
    first, second = (
        roll_up(span("0 → 700"), RollUp.SUM, order) for order in (stores, list(reversed(stores)))
    )
    assert first is not None
    assert second is not None
    assert first.value == second.value

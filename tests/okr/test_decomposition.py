from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.apportion import allocate
from okr.coverage import Cover, Target, coverage
from okr.decomposition import Piece, by_last_period, by_percent, by_weight, divide, evenly, filled_up
from okr.objectives import Kind, Measure, RollUp
from okr.refusals import OutOfRange, TargetMissing
from tests.okr.goals import number
from tests.okr.worked import rows

MODES = {"相加": RollUp.SUM, "平均": RollUp.AVERAGE}


def decimals(cell: str) -> list[Decimal]:
    return [Decimal(word) for word in cell.split(", ")]


def typed_shares(cell: str) -> tuple[Decimal, ...]:
    if cell == "三人平均":
        return evenly(3)
    if cell.startswith("上期 "):
        words = cell.removeprefix("上期 ").split(", ")
        return by_last_period([None if word == "没有" else Decimal(word) for word in words])
    return by_percent([Decimal(word.rstrip("%")) for word in cell.split(", ")])


@pytest.mark.parametrize("row", rows("decomposition", "怎么分"))
def test_divisions_of_the_page(row: dict[str, str]) -> None:
    parent = number(row["起始"], row["目标"], row["单位"])
    division = divide(parent, [Piece(share) for share in typed_shares(row["占比"])])
    assert [measure.start for measure in division.measures] == decimals(row["各人起始"])
    assert [measure.target for measure in division.measures] == decimals(row["各人目标"])
    assert division.uncovered == Decimal(row["没分出去"])


@pytest.mark.parametrize("row", rows("decomposition", "按公司的权重"))
def test_weights_of_the_page(row: dict[str, str]) -> None:
    typed = [None if word == "–" else Decimal(word) for word in row["写的占比"].split(", ")]
    assert list(filled_up(typed, decimals(row["权重"]))) == decimals(row["各人占比"])


@given(
    weights=st.lists(st.decimals(min_value="0.1", max_value=100, places=1), min_size=1, max_size=20),
)
def test_whatever_the_weights_the_shares_are_the_whole(weights: list[Decimal]) -> None:
    shares = by_weight(weights)
    assert round(sum(shares), 20) == 1
    assert [share > 0 for share in shares] == [True] * len(weights)


@pytest.mark.parametrize("row", rows("decomposition", "因店而异"))
def test_factors_of_the_page(row: dict[str, str]) -> None:
    factors = decimals(row["系数"])
    pieces = [Piece(share, factor) for share, factor in zip(evenly(len(factors)), factors, strict=True)]
    division = divide(number(row["起始"], row["目标"], row["单位"]), pieces)
    assert [measure.target for measure in division.measures] == decimals(row["分到的目标"])


@pytest.mark.parametrize("row", rows("decomposition", "覆盖率"))
def test_coverage_of_the_page(row: dict[str, str]) -> None:
    children = [Target(*(Decimal(end) for end in cell.split(" → "))) for cell in row["下级"].split(", ")]
    start, target = row["上级"].split(" → ")
    found = coverage(number(start, target), MODES[row["算法"]], children)
    assert found is not None
    assert found.total == Decimal(row["合计"])
    assert f"{found.rate * 100:.1f}%" == row["覆盖率"]
    assert round(found.missing, 10) == Decimal(row["还差"])
    assert found.cover.value == row["说法"]


def test_what_is_done_or_not_done_everybody_gets() -> None:
    done = Measure(Kind.BOOLEAN)
    division = divide(done, [Piece(share) for share in evenly(2)])
    assert division.measures == (done, done)
    assert division.mode is RollUp.MANUAL
    assert division.coverage is None


def test_without_a_target_there_is_nothing_to_divide() -> None:
    with pytest.raises(TargetMissing):
        divide(number("0", None), [Piece(Decimal(1))], ref="KR7")


def test_an_unknown_start_stays_unknown() -> None:
    division = divide(number(None, "100"), [Piece(share) for share in evenly(2)])
    assert [measure.start for measure in division.measures] == [None, None]
    assert division.coverage is None


def test_shares_above_nothing_only() -> None:
    with pytest.raises(OutOfRange):
        by_percent([Decimal(0), Decimal(100)])
    with pytest.raises(OutOfRange):
        by_last_period([Decimal(-1), Decimal(3)])


def test_among_nobody_nothing_is_divided() -> None:
    assert evenly(0) == ()
    division = divide(number("0", "100"), [])
    assert division.measures == ()
    assert division.uncovered == 1


def test_coverage_needs_a_way() -> None:
    child = [Target(Decimal(0), Decimal(1))]
    assert coverage(number("5", "5"), RollUp.SUM, child) is None
    assert coverage(number("0", None), RollUp.SUM, child) is None
    assert coverage(number("0", "5"), RollUp.SUM, []) is None


def test_only_the_share_that_counts_here_covers() -> None:
    child = Target(Decimal(0), Decimal(100), share=Decimal("0.5"))
    found = coverage(number("0", "100"), RollUp.SUM, [child])
    assert found is not None
    assert found.rate == Decimal("0.5")


amounts = st.decimals(-(10**9), 10**9, places=2)
weights = st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=9)


@given(target=amounts, last=weights, unit=st.sampled_from(["元", "人"]))
def test_what_is_divided_adds_up_to_the_cent(target: Decimal, last: list[Decimal], unit: str) -> None:
    division = divide(number("0", str(target), unit), [Piece(share) for share in by_last_period([*last])])
    targets = [measure.target or Decimal(0) for measure in division.measures]
    assert sum(targets) == target
    assert all(abs(part) <= abs(target) for part in targets)
    assert division.uncovered == 0
    if target:
        assert division.coverage is not None
        assert division.coverage.cover is Cover.WHOLE


@given(amount=amounts, count=st.integers(1, 30))
def test_equal_shares_differ_by_one_step_at_most(amount: Decimal, count: int) -> None:
    parts = allocate(amount, evenly(count), Decimal("0.01"))
    assert sum(parts) == amount
    assert max(parts) - min(parts) <= Decimal("0.01")

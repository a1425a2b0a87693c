from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.alignment import End, bottom_up, check_alignment, makes_loop, overlap, skips_level, upwards
from okr.cycle import Period, cycle_of
from okr.objectives import RollUp
from okr.progress import Progress
from okr.refusals import Refusal
from okr.rollup import Part, roll_up
from tests.okr.goals import number
from tests.okr.worked import rows

STANDING = {"KR34": ["O12"], "O12": ["KR8"], "KR8": ["O3"], "KR7": ["O4"]}


def end(ref: str, cycle: str = "2026Q4", *, restricted: bool = False) -> End:
    period = cycle_of(cycle)
    return End(ref, period, period.name, restricted)


def outcome(row: dict[str, str]) -> str:
    case = row["情况"]
    restricted = "部分人" in case or "同上" in case
    periods = case.replace("下级 ", "").replace("上级 ", "").split(",") if "2026" in case else ["2026Q4"] * 2
    shares: dict[str, list[Decimal]] = {
        "已经全算给了 KR5": [Decimal(1), Decimal(1)],
        "给 KR5 算 60%,给 KR7 算 40%": [Decimal("0.6"), Decimal("0.4")],
    }
    try:
        check_alignment(
            end(row["下级"], periods[0], restricted=restricted),
            end(row["上级"], periods[1]),
            STANDING,
            shares=shares.get(case, [Decimal(1)]),
            rolls_up="不汇总" not in case,
        )
    except Refusal as refused:
        return refused.code
    return "可以"


@pytest.mark.parametrize("row", rows("alignment", "什么不行"))
def test_what_may_support_what(row: dict[str, str]) -> None:
    assert outcome(row) == row["结果"]


@pytest.mark.parametrize("row", rows("alignment", "跳级"))
def test_skipped_levels(row: dict[str, str]) -> None:
    assert skips_level(int(row["下级"]), int(row["上级"])) is (row["跳级"] == "是")


def test_a_day_in_common_is_enough() -> None:
    first, last = date(2026, 10, 1), date(2026, 12, 31)
    quarter, day_after = Period("", first, last), last + timedelta(days=1)
    assert overlap(Period("", last, day_after), quarter)
    assert overlap(quarter, Period("", last, day_after))
    assert not overlap(Period("", day_after, day_after), quarter)
    check_alignment(end("O12", "2026-12"), end("KR7", "2026Q4"), {})
    with pytest.raises(Refusal):
        check_alignment(end("O12", "2026-12"), end("KR7", "2027-01"), {})


def test_the_way_up_takes_each_once_and_after_those_below() -> None:
    diamond = {"KR1": ["KR2", "KR5"], "KR2": ["KR3"], "KR3": ["KR5"], "KR9": ["KR3"]}
    assert upwards(diamond, "KR1") == ("KR1", "KR2", "KR3", "KR5")
    assert upwards(diamond, "KR5") == ("KR5",)


def test_a_chain_of_a_hundred_thousand_is_walked() -> None:
    chain = {f"KR{index}": [f"KR{index + 1}"] for index in range(100_000)}
    assert upwards(chain, "KR0")[-1] == "KR100000"


@st.composite
def forests(draw: st.DrawFn) -> dict[str, list[str]]:
    """Goals that are counted in some of those with a larger number: no loop can be among them."""
    count = draw(st.integers(2, 9))
    return {
        f"KR{index}": [
            f"KR{above}"
            for above in draw(st.sets(st.integers(index + 1, count), max_size=3))
            if above > index
        ]
        for index in range(count)
    }


@given(parents=forests())
def test_whatever_is_below_comes_first(parents: dict[str, list[str]]) -> None:
    order = bottom_up(parents)
    place = {ref: index for index, ref in enumerate(order)}
    assert len(place) == len(order)
    for child, above in parents.items():
        assert all(place[child] < place[parent] for parent in above)


@given(parents=forests())
def test_an_alignment_downwards_is_a_loop_and_nothing_else_is(parents: dict[str, list[str]]) -> None:
    for child, above in parents.items():
        for parent in parents:
            with_it = {**parents, child: [*above, parent]}
            walked = {above for start in with_it[child] for above in upwards(with_it, start)}
            assert makes_loop(parents, child, parent) is (child in walked)


def _computed(parents: Mapping[str, list[str]], known: dict[str, Decimal], order: tuple[str, ...]) -> None:
    """Every goal of the order that has others below it gets their average, in place."""
    for ref in order:
        below = sorted(child for child, above in parents.items() if ref in above)
        parts = [Part(child, Progress(known[child], known[child])) for child in below]
        result = roll_up(number("0", "1"), RollUp.AVERAGE, parts)
        if result is not None:
            known[ref] = result.value


@given(
    parents=forests(), changes=st.lists(st.tuples(st.integers(0, 8), st.decimals(0, 1, places=3)), max_size=6)
)
def test_step_by_step_and_all_anew_give_the_same_numbers(
    parents: dict[str, list[str]], changes: list[tuple[int, Decimal]]
) -> None:
    leaves = [ref for ref in bottom_up(parents) if all(ref not in above for above in parents.values())]
    begin = dict.fromkeys(bottom_up(parents), Decimal(0))
    stepwise, anew = dict(begin), dict(begin)
    for index, value in changes:
        leaf = leaves[index % len(leaves)]
        stepwise[leaf] = anew[leaf] = value
        _computed(parents, stepwise, upwards(parents, leaf))
    _computed(parents, anew, bottom_up(parents))
    assert stepwise == anew
    _computed(parents, anew, bottom_up(parents))
    assert stepwise == anew

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.numbers import say_progress
from okr.objectives import Kind, Measure, Milestone, State
from okr.progress import NOTHING, key_result_progress, objective_progress, progress
from okr.refusals import StartEqualsTarget
from tests.okr.goals import key_result, number, objective
from tests.okr.worked import rows

KINDS = {"是否": Kind.BOOLEAN, "摸底": Kind.BASELINE, "分级": Kind.ORDINAL}
amounts = st.decimals(-(10**9), 10**9, places=2)


def said(cell: str) -> str | None:
    return None if cell in ("没报", "没定", "–") else cell


def said_number(cell: str) -> Decimal | None:
    return None if cell == "–" else Decimal(cell)


@pytest.mark.parametrize("row", rows("progress", "数值型"))
def test_numbers_of_the_page(row: dict[str, str]) -> None:
    kr = key_result(1, number(said(row["起始"]), row["目标"]), said(row["现在"]))
    measured = progress(kr.measure, kr.value)
    counted = key_result_progress(kr)
    assert (None if row["量出来"] == "无数据" else Decimal(row["量出来"])) == (
        measured and round(measured.raw, 4)
    )
    assert Decimal(row["算进目标"]) == counted.clamped
    assert row["看得到的"] == say_progress(counted)


@pytest.mark.parametrize("row", rows("progress", "保持型"))
def test_bands_of_the_page(row: dict[str, str]) -> None:
    measure = Measure(
        Kind.MAINTAIN,
        low=said_number(row["下限"]),
        high=said_number(row["上限"]),
        tolerance=said_number(row["容许偏离"]),
    )
    assert key_result_progress(key_result(1, measure, row["现在"])).clamped == Decimal(row["算进目标"])


@pytest.mark.parametrize("row", rows("progress", "是否型、摸底型、分级型、里程碑"))
def test_steps_of_the_page(row: dict[str, str]) -> None:
    kr = key_result(1, Measure(KINDS[row["种类"]]), said(row["报的数"]))
    assert key_result_progress(kr).clamped == Decimal(row["算进目标"])


def test_milestones_count_by_weight_and_need_no_reading() -> None:
    done = Milestone("选址", done=True), Milestone("装修", done=True)
    measure = Measure(Kind.MILESTONE, milestones=(*done, Milestone("开业", Decimal(2))))
    assert key_result_progress(key_result(1, measure)).clamped == Decimal("0.5")


def test_an_empty_milestone_list_has_no_data() -> None:
    assert progress(Measure(Kind.MILESTONE), Decimal(1)) is None


def test_a_number_without_a_span_is_refused() -> None:
    with pytest.raises(StartEqualsTarget) as refused:
        progress(number("5", "5"), Decimal(5))
    assert refused.value.value == Decimal(5)


def test_a_draft_without_a_span_is_drawn_at_nothing() -> None:
    assert key_result_progress(key_result(1, number("5", "5"), "5")) == NOTHING


def test_an_objective_is_the_weighted_mean_and_silence_counts_as_zero() -> None:
    krs = [
        key_result(1, number("0", "100"), "80", share=Decimal("0.5")),
        key_result(2, number("0", "100"), "50", share=Decimal("0.3")),
    ]
    silent = key_result(3, number("0", "100"), share=Decimal("0.2"))
    assert objective_progress(objective(*krs, silent)).clamped == Decimal("0.55")
    cancelled = replace(silent, state=State.CANCELLED)
    assert objective_progress(objective(*krs, cancelled)).clamped == Decimal("0.6875")


def test_an_objective_without_key_results_has_done_nothing() -> None:
    assert objective_progress(objective()).clamped == 0


@given(start=amounts, target=amounts, values=st.tuples(amounts, amounts))
def test_progress_never_falls_on_the_way_to_the_target(
    start: Decimal, target: Decimal, values: tuple[Decimal, Decimal]
) -> None:
    if start == target:
        return
    towards = sorted(values, reverse=target < start)
    first, second = (progress(number(str(start), str(target)), value) for value in towards)
    assert first is not None
    assert second is not None
    assert first.raw <= second.raw
    assert 0 <= first.clamped <= second.clamped <= 1


@given(parts=st.lists(st.tuples(amounts, st.decimals(0, 100, places=1)), min_size=1, max_size=7))
def test_a_roll_up_lies_between_its_parts(parts: list[tuple[Decimal, Decimal]]) -> None:
    krs = [
        key_result(index, number("0", "1000"), str(value), weight=weight)
        for index, (value, weight) in enumerate(parts)
    ]
    shares = [key_result_progress(kr).clamped for kr in krs]
    assert min(shares) <= round(objective_progress(objective(*krs)).clamped, 20) <= max(shares)

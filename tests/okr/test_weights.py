from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.objectives import KeyResult, State
from okr.progress import objective_progress
from okr.refusals import OutOfRange, SharesAboveOne
from okr.weights import kr_weights, normalise, percentages
from tests.okr.goals import key_result, number, objective
from tests.okr.worked import rows

Typed = tuple[Decimal, Decimal | None]


def typed(cell: str) -> list[Typed]:
    """`30%, 1` as the fixed share 0.3 and the relative weight 1."""
    return [
        (Decimal(1), Decimal(word[:-1]) / 100) if word.endswith("%") else (Decimal(word), None)
        for word in cell.split(", ")
    ]


@pytest.mark.parametrize("row", rows("weights", "折算"))
def test_weights_of_the_page(row: dict[str, str]) -> None:
    if row["折算成"] == "不收":
        with pytest.raises(SharesAboveOne) as refused:
            normalise(typed(row["写的权重"]))
        assert refused.value.total == Decimal("1.1")
        return
    weights = normalise(typed(row["写的权重"]))
    assert list(weights) == [Decimal(word) for word in row["折算成"].split(", ")]
    assert list(percentages(weights)) == [int(word) for word in row["显示"].split(", ")]


@pytest.mark.parametrize("row", rows("weights", "有 KR 取消或暂停"))
def test_roll_ups_of_the_page(row: dict[str, str]) -> None:
    gone = {int(word) for word in row["退出的"].split(", ") if word != "–"}
    krs = [
        _key_result(index, done, weight, State.CANCELLED if index in gone else State.ACTIVE)
        for index, (done, weight) in enumerate(
            zip(row["KR 进度"].split(", "), typed(row["权重"]), strict=True), 1
        )
    ]
    assert objective_progress(objective(*krs)).clamped == Decimal(row["目标进度"])


def _key_result(kr_id: int, done: str, weight: Typed, state: State) -> KeyResult:
    value = None if done == "没报" else done.rstrip("%")
    return key_result(kr_id, number("0", "100"), value, weight=weight[0], share=weight[1], state=state)


def test_a_paused_key_result_leaves_and_a_deleted_one_never_was() -> None:
    krs = [
        _key_result(1, "0%", (Decimal(1), None), State.ACTIVE),
        _key_result(2, "0%", (Decimal(3), None), State.ACTIVE),
        _key_result(3, "0%", (Decimal(4), None), State.PAUSED),
        _key_result(4, "0%", (Decimal(1), Decimal("0.9")), State.DELETED),
    ]
    assert kr_weights(objective(*krs)) == {1: Decimal("0.25"), 2: Decimal("0.75")}


def test_what_is_added_counts_once_it_is_in_force() -> None:
    krs = [
        _key_result(1, "0%", (Decimal(1), None), State.ACTIVE),
        _key_result(2, "0%", (Decimal(1), None), State.PENDING),
    ]
    assert kr_weights(objective(*krs)) == {1: Decimal(1)}
    assert kr_weights(objective(*krs, state=State.PENDING)) == {1: Decimal("0.5"), 2: Decimal("0.5")}


def test_a_draft_with_shares_above_one_can_still_be_drawn() -> None:
    krs = [
        _key_result(1, "0%", (Decimal(1), Decimal("1.5")), State.DRAFT),
        _key_result(2, "0%", (Decimal(1), Decimal("0.5")), State.DRAFT),
    ]
    assert kr_weights(objective(*krs, state=State.DRAFT)) == {1: Decimal("0.75"), 2: Decimal("0.25")}


def test_nothing_weighs_nothing() -> None:
    assert normalise([]) == ()
    assert kr_weights(objective()) == {}
    assert percentages([]) == ()


def test_all_zero_weighs_equal() -> None:
    assert normalise([(Decimal(0), None)] * 2) == (Decimal("0.5"), Decimal("0.5"))


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(OutOfRange):
        normalise([(Decimal(-1), None), (Decimal(2), None)])


@given(
    weights=st.lists(st.decimals(0, 1000, places=2), max_size=6),
    shares=st.lists(st.decimals(0, "0.2", places=4), max_size=5),
)
def test_weights_sum_to_one_and_percents_to_a_hundred(weights: list[Decimal], shares: list[Decimal]) -> None:
    items: list[Typed] = [(weight, None) for weight in weights] + [(Decimal(1), share) for share in shares]
    if not items:
        return
    result = normalise(items)
    assert sum(result) == 1
    assert min(result) >= 0
    assert sum(percentages(result)) == 100

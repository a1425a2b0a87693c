from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.approvals import (
    REQUEST_MOVES,
    ApprovalRule,
    ChangeField,
    Need,
    RequestMove,
    RequestState,
    approvers,
    is_decrease,
    needs_approval,
    outcome,
    request_after,
    safe_in_batch,
)
from okr.objectives import Kind, Measure
from okr.progress import progress
from okr.refusals import IllegalMove
from tests.okr.goals import number
from tests.okr.worked import rows

NEEDS = {"一个": Need.ANY, "全部": Need.ALL}


def measured(row: dict[str, str]) -> Measure:
    if row["种类"] == "数值":
        return number(row["起始"].strip("–") or None, row["原目标"])
    bound = Decimal(row["原目标"])
    if row["种类"] == "保持不低于":
        return Measure(Kind.MAINTAIN, low=bound)
    return Measure(Kind.MAINTAIN, high=bound)


@pytest.mark.parametrize("row", rows("approvals", "算不算降低目标"))
def test_decreases_of_the_page(row: dict[str, str]) -> None:
    found = is_decrease(measured(row), Decimal(row["原目标"]), Decimal(row["新目标"]))
    assert found is (row["降低"] == "是")


@pytest.mark.parametrize("row", rows("approvals", "几个人批"))
def test_several_approvers_of_the_page(row: dict[str, str]) -> None:
    rule = ApprovalRule(need=NEEDS[row["要"]])
    said = {int(word[0]): word.endswith("同意") for word in row["说了的"].split(", ") if word != "–"}
    assert outcome(rule, [int(word) for word in row["该问的人"].split(", ")], said) == row["结果"]


@pytest.mark.parametrize("row", rows("approvals", "全部同意带上什么"))
def test_what_may_be_agreed_to_in_a_batch(row: dict[str, str]) -> None:
    fields = [ChangeField(word) for word in row["改的"].split(", ")]
    assert safe_in_batch(fields) is (row["带上"] == "是")


def test_an_empty_change_is_in_no_batch() -> None:
    assert not safe_in_batch([])


def test_with_nobody_to_ask_nothing_is_approved_by_silence() -> None:
    assert outcome(ApprovalRule(need=Need.ALL), [], {}) is RequestState.WAITING


def test_only_what_the_rule_names_needs_a_yes() -> None:
    rule = ApprovalRule(fields=frozenset({ChangeField.TARGET}))
    assert needs_approval(rule, ChangeField.TARGET)
    assert not needs_approval(rule, ChangeField.TITLE)
    usual = ApprovalRule()
    assert {field for field in ChangeField if not needs_approval(usual, field)} == {ChangeField.PARENT}


def test_nobody_decides_on_himself() -> None:
    assert approvers(ApprovalRule(), 4, [4, 3, 3]) == (3,)
    assert approvers(ApprovalRule(), 4, [4]) == ()
    assert approvers(ApprovalRule(self_approval=True), 4, [4]) == (4,)


def test_what_is_decided_stays_decided() -> None:
    assert request_after(RequestState.WAITING, RequestMove.TRANSFER) is RequestState.WAITING
    for move in RequestMove:
        if move is RequestMove.TRANSFER:
            continue
        decided = request_after(RequestState.WAITING, move)
        for again in RequestMove:
            with pytest.raises(IllegalMove):
                request_after(decided, again, ref="R8")
    assert set(REQUEST_MOVES) == set(RequestState)


amounts = st.decimals(-1000, 1000, places=1)


@given(start=amounts, old=amounts, new=amounts, value=amounts)
def test_a_decrease_never_makes_the_same_value_look_worse(
    start: Decimal, old: Decimal, new: Decimal, value: Decimal
) -> None:
    """Of targets on the same side of the start."""
    if (old - start) * (new - start) <= 0 or not is_decrease(number(str(start), str(old)), old, new):
        return
    before, after = (progress(number(str(start), str(target)), value) for target in (old, new))
    assert before is not None
    assert after is not None
    assert after.clamped >= before.clamped

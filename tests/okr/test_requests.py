"""What a request would make of a goal, and whether that is easier."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from okr.approvals import ChangeField, Need, RequestState
from okr.objectives import Basis, KeyResult, Kind, Measure, RollUp, State
from okr.requests import ChangeRequest, FieldChange, RequestKind, Values, applied, is_easier, known, made
from tests.okr.goals import key_result, number, o12, objective

ASKED = datetime(2026, 11, 23, 4, tzinfo=UTC)
D = Decimal


def request(kind: RequestKind, kr_id: int | None = None, *changes: FieldChange) -> ChangeRequest:
    return ChangeRequest(8, kind, 12, kr_id, changes, "", "", 1, 4, Need.ANY, RequestState.WAITING, ASKED)


def wanted(field: ChangeField, **values: object) -> FieldChange:
    return FieldChange(field, {}, values)  # type: ignore[arg-type]  # plain values


def test_fields_of_the_measure_and_of_the_key_result_are_set() -> None:
    kr = key_result(34, number("1000", "1100"))
    values: Values = {
        "target": D(1200),
        "unit": "次",
        "basis": "日均",
        "due": date(2026, 12, 20),
        "title": "进店",
    }
    after = made(kr, values)

    assert after.measure == Measure(Kind.NUMBER, "次", Basis.DAILY, D(1000), D(1200))
    assert (after.due, after.title) == (date(2026, 12, 20), "进店")
    assert known(after, values) == values
    assert made(after, known(kr, values)) == kr


def test_a_change_is_made_of_one_key_result_only() -> None:
    before = o12("1050")
    after = applied(before, request(RequestKind.CHANGE, 34, wanted(ChangeField.TARGET, target=D(1200))))

    assert [kr.measure.target for kr in after.key_results] == [1200, 5, None]
    assert after.key_results[1:] == before.key_results[1:]


def test_what_follows_from_below_stays_as_far_as_it_is() -> None:
    computed = key_result(34, number("1000", "1100"), "1050", roll_up=RollUp.AVERAGE)

    assert made(computed, {"target": D(1200)}).value == 1100
    assert made(replace(computed, roll_up=RollUp.SUM), {"target": D(1200)}).value == 1050


def test_an_objective_has_another_title() -> None:
    after = applied(o12("1050"), request(RequestKind.CHANGE, None, wanted(ChangeField.TITLE, title="新的")))

    assert after.title == "新的"


def test_a_new_objective_is_in_force_with_its_key_results() -> None:
    draft = key_result(34, number("1000", "1100"), state=State.DRAFT)
    after = applied(objective(draft, state=State.PENDING), request(RequestKind.CREATE))

    assert after.state is State.ACTIVE
    assert [kr.state for kr in after.counting] == [State.ACTIVE]


def test_what_is_added_counts_and_what_is_cancelled_does_not() -> None:
    draft = key_result(40, number("1", "2"), state=State.DRAFT)
    whole = objective(*o12("1050").key_results, draft)

    assert len(whole.counting) == 3
    assert len(applied(whole, request(RequestKind.ADD, 40)).counting) == 4
    assert len(applied(whole, request(RequestKind.CANCEL, 34)).counting) == 2
    assert applied(whole, request(RequestKind.CANCEL)).state is State.CANCELLED


BETWEEN = key_result(34, Measure(Kind.MAINTAIN, "%", low=D(2), high=D(5)))
BELOW = key_result(34, Measure(Kind.MAINTAIN, "%", high=D(5)))
UP = key_result(34, number("1000", "1100"))


@pytest.mark.parametrize(
    ("kr", "values", "easier"),
    [
        (UP, {"target": D(1050)}, True),
        (UP, {"target": D(1200)}, False),
        (UP, {"due": date(2026, 12, 20)}, False),
        (key_result(35, number("8", "5", "%")), {"target": D(6)}, True),
        (BELOW, {"high": D(6)}, True),
        (BELOW, {"high": D(4)}, False),
        (BETWEEN, {"low": D(1)}, True),
        (BETWEEN, {"low": D(3), "high": D(4)}, False),
        (BETWEEN, {"low": D(3), "high": D(6)}, True),
        (BETWEEN, {"low": None, "high": D(5)}, True),
        (key_result(36, Measure(Kind.BOOLEAN)), {"title": "别的"}, False),
    ],
)
def test_whether_it_is_easier(kr: KeyResult, values: Values, easier: bool) -> None:
    assert is_easier(kr, [FieldChange(ChangeField.TARGET, {}, values)]) is easier

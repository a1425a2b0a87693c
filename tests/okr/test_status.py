from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from okr.numbers import say_pace, say_percent
from okr.objectives import Kind, Measure, Reading, State, Status
from okr.policy import Policy
from okr.status import judge, judge_objective, key_result_status, objective_status, worst
from tests.okr.goals import Q4, TODAY, key_result, number, o12, objective, reading
from tests.okr.worked import rows

POLICY = Policy()
AFTER = Q4.end + timedelta(days=1)


def day(cell: str) -> date | None:
    return None if cell == "–" else date.fromisoformat(cell)


@pytest.mark.parametrize("row", rows("status", "数值型的例子"))
def test_lights_of_the_page(row: dict[str, str]) -> None:
    on = day(row["报数日"])
    kr = key_result(
        1,
        number("0", "100"),
        reading=reading(row["现在"], on) if on else None,
        due=day(row["截止"]),
    )
    assert key_result_status(kr, Q4, date.fromisoformat(row["今天"]), POLICY) == row["灯"]


@pytest.mark.parametrize("row", rows("status", "目标的灯"))
def test_lights_of_objectives_of_the_page(row: dict[str, str]) -> None:
    assert worst([Status(word) for word in row["各 KR 的灯"].split(", ")]) == row["目标的灯"]


@pytest.mark.parametrize("row", rows("status", "一个完整的例子"))
def test_the_example_of_the_page(row: dict[str, str]) -> None:
    verdict = judge_objective(o12(row["KR34 现在"]), TODAY, POLICY)
    for kr_id in (34, 35):
        one = verdict.verdicts[kr_id]
        assert row[f"KR{kr_id} 进度"] == say_percent(one.progress.clamped)
        assert row[f"KR{kr_id} 快慢"] == say_pace(one.gap_points)
    assert row["O12 进度"] == say_percent(verdict.progress.clamped)
    assert row["现在最值得推的"] == str(verdict.focus)
    assert say_percent(verdict.expected) == "58%"
    assert verdict.status is Status.BEHIND
    assert verdict.weights == {34: Decimal("0.25"), 35: Decimal("0.5"), 36: Decimal("0.25")}


@pytest.mark.parametrize(
    ("value", "gap", "light"),
    [("70", -12, Status.ON_TRACK), ("48.5", 9, Status.ON_TRACK), ("48.4", 10, Status.BEHIND)],
)
def test_the_gap_is_that_of_the_percents_shown(value: str, gap: int, light: Status) -> None:
    """Expected are 58.24%, shown as 58%."""
    verdict = judge(key_result(1, number("0", "100"), value), Q4, TODAY, POLICY)
    assert (verdict.gap_points, verdict.status) == (Decimal(gap), light)


@pytest.mark.parametrize(
    ("state", "value", "light"),
    [
        (State.CLOSED, "100", Status.ACHIEVED),
        (State.CLOSED, "99", Status.MISSED),
        (State.CANCELLED, "100", Status.CANCELLED),
        (State.DRAFT, "10", Status.NOT_STARTED),
        (State.PAUSED, "10", Status.ON_TRACK),
    ],
)
def test_what_is_not_in_force_is_not_compared_with_the_calendar(
    state: State, value: str, light: Status
) -> None:
    kr = key_result(1, number("0", "100"), value, state=state)
    assert {key_result_status(kr, Q4, when, POLICY) for when in (TODAY, AFTER)} == {light}


def test_overdue_comes_before_achieved() -> None:
    assert key_result_status(key_result(1, number("0", "9"), "9"), Q4, AFTER, POLICY) is Status.DUE


def test_what_is_fed_is_never_asked_for_an_update() -> None:
    old = reading("70", date(2026, 10, 2))
    typed = key_result(1, number("0", "100"), reading=old)
    assert key_result_status(typed, Q4, TODAY, POLICY) is Status.STALE
    assert key_result_status(replace(typed, metric="sales"), Q4, TODAY, POLICY) is Status.ON_TRACK


def test_an_update_belongs_to_its_day_in_company_time() -> None:
    """17:00 UTC on the 8th is the 9th in Shanghai, fourteen days before the 23rd."""
    at = datetime(2026, 11, 8, 17, tzinfo=UTC)
    kr = key_result(1, number("0", "100"), reading=Reading(Decimal(70), at, "李四"))
    assert key_result_status(kr, Q4, TODAY, POLICY) is Status.ON_TRACK
    assert key_result_status(kr, Q4, TODAY, replace(POLICY, zone=UTC)) is Status.STALE


@pytest.mark.parametrize(
    ("value", "running", "light"),
    [("2", 0, Status.ON_TRACK), ("2.1", 1, Status.BEHIND), ("2.1", 2, Status.AT_RISK)],
)
def test_a_maintained_value_is_judged_by_its_band(value: str, running: int, light: Status) -> None:
    kr = key_result(1, Measure(Kind.MAINTAIN, "%", high=Decimal(2)), value)
    verdict = judge(kr, Q4, TODAY, POLICY, outside_running=running)
    assert (verdict.status, verdict.paced) == (light, False)
    assert objective_status(objective(kr), TODAY, POLICY, outside_running={1: running}) is light


def test_a_maintained_value_is_achieved_only_at_its_close() -> None:
    kr = key_result(1, Measure(Kind.MAINTAIN, high=Decimal(2)), "2", state=State.CLOSED)
    assert key_result_status(kr, Q4, AFTER, POLICY) is Status.ACHIEVED


@pytest.mark.parametrize(
    ("confidence", "light"),
    [
        (None, Status.NOT_STARTED),
        (8, Status.ON_TRACK),
        (5, Status.BEHIND),
        (3, Status.AT_RISK),
    ],
)
def test_of_yes_or_no_only_confidence_speaks_before_it_is_due(confidence: int | None, light: Status) -> None:
    kr = key_result(1, Measure(Kind.BOOLEAN), confidence=confidence)
    assert key_result_status(kr, Q4, Q4.end, POLICY) is light
    assert key_result_status(kr, Q4, AFTER, POLICY) is Status.DUE


@pytest.mark.parametrize(("value", "light"), [("0.3", Status.AT_RISK), ("0.7", Status.ACHIEVED)])
def test_the_target_rung_is_enough(value: str, light: Status) -> None:
    assert key_result_status(key_result(1, Measure(Kind.ORDINAL), value), Q4, TODAY, POLICY) is light


def test_a_company_may_set_its_own_thresholds() -> None:
    kr = key_result(1, number("0", "100"), "50")
    strict = replace(POLICY, behind_points=3, at_risk_points=8)
    assert key_result_status(kr, Q4, TODAY, strict) is Status.AT_RISK


def test_the_first_tenth_of_a_cycle_is_silent() -> None:
    strict = replace(POLICY, behind_points=3)
    kr = key_result(1, number("0", "100"), reading=reading("0", Q4.start))
    lights = [key_result_status(kr, Q4, Q4.start + timedelta(days=days), strict) for days in (9, 10)]
    assert lights == [Status.ON_TRACK, Status.BEHIND]


@pytest.mark.parametrize(
    ("state", "value", "light"),
    [
        (State.CLOSED, "100", Status.ACHIEVED),
        (State.CLOSED, "70", Status.MISSED),
        (State.CANCELLED, "70", Status.CANCELLED),
        (State.DRAFT, "10", Status.NOT_STARTED),
    ],
)
def test_an_objective_that_is_not_in_force(state: State, value: str, light: Status) -> None:
    assert (
        objective_status(objective(key_result(1, number("0", "100"), value), state=state), TODAY, POLICY)
        is light
    )


def test_the_focus_is_the_largest_weighted_gap() -> None:
    light_but_late = key_result(1, number("0", "100"), "10")
    heavy = key_result(2, number("0", "100"), "40", weight=Decimal(3))
    assert judge_objective(objective(light_but_late, heavy), TODAY, POLICY).focus == 2


def test_where_nothing_lags_nothing_is_pushed() -> None:
    assert judge_objective(objective(key_result(1, number("0", "100"), "90")), TODAY, POLICY).focus is None


def test_an_objective_without_key_results_has_not_started() -> None:
    verdict = judge_objective(objective(), TODAY, POLICY)
    assert verdict.status is Status.NOT_STARTED
    assert verdict.progress.clamped == 0
    assert verdict.focus is None

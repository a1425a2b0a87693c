from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.collaboration import (
    HELP_MOVES,
    OPEN,
    HelpKind,
    HelpMove,
    HelpRequest,
    HelpState,
    allowed_moves,
    has_expired,
    help_after,
    hours_waited,
    last_day_to_answer,
)
from okr.help_refusals import HelpRequestOver
from okr.workdays import OfficeCalendar
from tests.okr.worked import rows

CALENDAR = OfficeCalendar()
DAYS = 5


@pytest.mark.parametrize("row", rows("collaboration", "状态"))
def test_what_is_possible_by_the_page(row: dict[str, str]) -> None:
    assert (", ".join(HELP_MOVES[HelpState(row["现在"])]) or "–") == row["可以"]


def test_every_state_stands_on_the_page() -> None:
    assert {row["现在"] for row in rows("collaboration", "状态")} == set(HelpState) == set(HELP_MOVES)


@pytest.mark.parametrize("row", rows("collaboration", "什么时候算超时"))
def test_how_long_it_waits_by_the_page(row: dict[str, str]) -> None:
    asked = date.fromisoformat(row["哪天请的"])
    due = None if row["哪天要"] == "–" else date.fromisoformat(row["哪天要"])
    last = date.fromisoformat(row["最后一天"])

    assert last_day_to_answer(asked, due, DAYS, CALENDAR) == last
    waiting = request(due=due)
    assert not has_expired(waiting, asked, last, DAYS, CALENDAR)
    assert has_expired(waiting, asked, last + timedelta(days=1), DAYS, CALENDAR)


def request(
    state: HelpState = HelpState.WAITING, due: date | None = None, kind: HelpKind = HelpKind.HELP
) -> HelpRequest:
    at = datetime(2026, 11, 23, 4, tzinfo=UTC)
    return HelpRequest(3, 34, 1, 2, "要客流数据", at, state=state, due=due, kind=kind)


@pytest.mark.parametrize("state", [state for state in HelpState if state is not HelpState.WAITING])
def test_what_was_answered_does_not_expire(state: HelpState) -> None:
    assert not has_expired(request(state), date(2026, 11, 23), date(2027, 3, 1), DAYS, CALENDAR)


def test_a_blocker_does_not_expire_and_without_a_limit_only_a_said_day_counts() -> None:
    far = date(2027, 3, 1)
    assert not has_expired(request(kind=HelpKind.BLOCKER), date(2026, 11, 23), far, DAYS, CALENDAR)
    assert not has_expired(request(), date(2026, 11, 23), far, 0, CALENDAR)
    assert has_expired(request(due=date(2026, 11, 27)), date(2026, 11, 23), far, 0, CALENDAR)


def test_a_move_that_is_not_possible_names_those_that_are() -> None:
    with pytest.raises(HelpRequestOver) as refused:
        help_after(HelpState.ACCEPTED, HelpMove.ACCEPT, ref="X3")

    assert refused.value.facts == {
        "ref": "X3",
        "state": "accepted",
        "move": "接受",
        "allowed": ("完成", "转给", "帮不上"),
    }


def test_nobody_expires_a_request_by_hand() -> None:
    assert HelpMove.EXPIRE not in allowed_moves(HelpState.WAITING)


@given(st.lists(st.sampled_from(list(HelpMove)), max_size=12))
def test_once_over_it_is_never_open_again_but_for_a_late_yes(moves: list[HelpMove]) -> None:
    state, over = HelpState.WAITING, False
    for move in moves:
        try:
            after = help_after(state, move)
        except HelpRequestOver:
            continue
        if over:
            assert (state, move) == (HelpState.EXPIRED, HelpMove.ACCEPT)
        state, over = after, after not in OPEN


def test_hours_on_days_off_are_not_waited() -> None:
    friday = datetime(2026, 11, 27, 18, tzinfo=UTC)
    monday = datetime(2026, 11, 30, 9, tzinfo=UTC)

    assert hours_waited(friday, monday, CALENDAR.is_workday) == 6 + 9
    assert hours_waited(friday, monday, lambda _: True) == 63
    assert hours_waited(monday, friday, lambda _: True) == 0

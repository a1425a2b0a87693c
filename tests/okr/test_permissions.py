from __future__ import annotations

from dataclasses import replace

import pytest

from okr.objectives import State
from okr.people import Person
from okr.permissions import (
    may_assign_to_all,
    may_close_cycle,
    may_confirm_score,
    may_edit_draft,
    may_report,
    may_score,
    may_see,
)
from okr.policy import Policy
from tests.okr.goals import objective

OWNER = Person(4, "E0102", "李四", manager_id=3)
MANAGER = Person(3, "E0101", "王店", manager_id=2)
ABOVE = Person(2, "E0003", "周敏")
COLLEAGUE = Person(5, "E0103", "张三", manager_id=3)
GONE = replace(COLLEAGUE, active=False)
EVERYBODY = (OWNER, MANAGER, ABOVE, COLLEAGUE, GONE)


@pytest.mark.parametrize(
    ("state", "who"),
    [
        (State.DRAFT, [OWNER]),
        (State.DELETED, [OWNER]),
        (State.PENDING, [OWNER, MANAGER]),
        (State.ACTIVE, [OWNER, MANAGER, ABOVE, COLLEAGUE]),
        (State.CLOSED, [OWNER, MANAGER, ABOVE, COLLEAGUE]),
    ],
)
def test_who_sees_a_goal(state: State, who: list[Person]) -> None:
    assert [asker for asker in EVERYBODY if may_see(asker, OWNER, objective(state=state))] == who


def test_the_owner_and_the_manager_report() -> None:
    assert [asker for asker in EVERYBODY if may_report(asker, OWNER)] == [OWNER, MANAGER]


def test_a_draft_is_its_owners() -> None:
    assert [asker for asker in EVERYBODY if may_edit_draft(asker, OWNER)] == [OWNER]


def test_who_has_left_may_nothing_even_with_what_was_his() -> None:
    assert not may_report(GONE, GONE)


def test_scores_are_suggested_by_the_owner_and_confirmed_by_the_superior() -> None:
    assert [asker for asker in EVERYBODY if may_score(asker, OWNER)] == [OWNER, MANAGER]
    assert [asker for asker in EVERYBODY if may_confirm_score(asker, OWNER)] == [MANAGER]


def test_who_has_no_superior_confirms_himself() -> None:
    assert [asker for asker in EVERYBODY if may_confirm_score(asker, ABOVE)] == [ABOVE]


def test_personnel_and_administrators_close_cycles() -> None:
    policy = Policy(admins=frozenset({"E0003"}), hr=frozenset({"E0101", "E0103"}))
    assert [asker for asker in EVERYBODY if may_close_cycle(asker, policy)] == [MANAGER, ABOVE, COLLEAGUE]
    assert [asker for asker in EVERYBODY if may_assign_to_all(asker, policy)] == [MANAGER, ABOVE, COLLEAGUE]

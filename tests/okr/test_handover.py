"""Who decides after a handover, by the table of its page, and who may hand over."""

from __future__ import annotations

import pytest

from okr.handover import Belongings, OpenGoal, may_hand_over, may_receive, who_decides
from okr.people import Person
from okr.policy import Policy
from tests.okr.worked import rows

NUMBERS = {"王五": 5, "赵六": 6, "上级": 9}
NAMES = {number: name for name, number in NUMBERS.items()}
POLICY = Policy(admins=frozenset({"E1"}), hr=frozenset({"E2"}))


@pytest.mark.parametrize("row", rows("handover", "自己不批自己的"))
def test_nobody_decides_on_his_own(row: dict[str, str]) -> None:
    candidates = [NUMBERS[row["接的人"]], NUMBERS["上级"]]
    found = who_decides(candidates, {NUMBERS[row["申请人"]], NUMBERS[row["目标归谁"]]})
    assert found is not None
    assert NAMES[found] == row["谁批"]


def test_nobody_is_left() -> None:
    assert who_decides([5, 9], {5, 9}) is None


@pytest.mark.parametrize(
    ("who", "gives", "to_own_line", "to_others"),
    [
        (Person(9, "E9", "上级"), True, True, False),
        (Person(8, "E8", "旁人"), False, False, False),
        (Person(1, "E1", "管理员"), True, True, True),
        (Person(2, "E2", "人事"), True, True, True),
        (Person(9, "E9", "上级", active=False), False, True, False),
    ],
)
def test_who_may(who: Person, *, gives: bool, to_own_line: bool, to_others: bool) -> None:
    line = {5, 6} if who.id == 9 else set()
    assert may_hand_over(who, {9}, POLICY) is gives
    assert may_receive(who, line, 5, POLICY) is to_own_line
    assert may_receive(who, line, 7, POLICY) is to_others


def test_what_was_seen_is_told_from_what_is_there_now() -> None:
    seen = Belongings((OpenGoal(1, "甲", "active"),), (5,))
    assert seen.mark == Belongings((OpenGoal(1, "乙", "active"),), (5,)).mark
    assert seen.mark != Belongings((OpenGoal(1, "甲", "active"),), (5, 6)).mark
    assert seen.mark != Belongings((OpenGoal(1, "甲", "active"),), (), (5,)).mark

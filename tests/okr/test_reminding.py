"""What is common to all reminders, by the tables of its page."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from okr.people import Person
from okr.policy import SHANGHAI
from okr.reminding import TITLES, Ceiling, Exceptional, Reminder, ReminderRule, may_say
from okr.schemes import Criteria
from tests.okr.worked import rows

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize("row", rows("reminders", "再说一次"))
def test_the_same_is_said_after_a_while_and_worse_at_once(row: dict[str, str]) -> None:
    before = (
        None
        if row["上次的程度"] == "没说过"
        else (int(row["上次的程度"]), NOW - timedelta(days=int(row["几天前"])))
    )
    assert may_say(int(row["这次的程度"]), NOW, before) is (row["说"] == "是")


@pytest.mark.parametrize("row", rows("reminders", "上限"))
def test_above_the_ceiling_it_waits_for_the_digest(row: dict[str, str]) -> None:
    reached = Ceiling().is_reached(int(row["今天发了"]), int(row["这周发了"]))
    assert reached is (row["下一条"] == "合并")


def test_no_ceiling_is_never_reached() -> None:
    assert not Ceiling(0, 0).is_reached(100, 1000)


def test_there_are_sixteen_and_each_has_a_name() -> None:
    assert len(Reminder) == 16
    assert set(TITLES) == set(Reminder)
    assert len(set(TITLES.values())) == 16


def test_what_differs_for_a_unit_and_for_a_person() -> None:
    rule = ReminderRule(
        numbers={"behind_points": 10, "at_risk_points": 25},
        exceptions=(
            Exceptional(Criteria(unit=frozenset({"西湖店"})), numbers={"behind_points": 15}),
            Exceptional(Criteria(unit=frozenset({"华东区"})), on=False),
            Exceptional(people=frozenset({"E0102"}), numbers={"at_risk_points": 40}),
        ),
    )
    li = Person(1, "E0102", "李四", "总部/华东区/西湖店")
    zhang = Person(2, "E0103", "张三", "总部/华东区/西湖店")
    zhou = Person(3, "E0003", "周敏", "总部/华东区")
    chen = Person(4, "E0001", "陈总", "总部")

    assert (rule.of(li)["behind_points"], rule.of(li)["at_risk_points"]) == (10, 40)
    assert (rule.of(zhang)["behind_points"], rule.of(zhang).on) == (15, True)
    assert not rule.of(zhou).on
    assert rule.of(chen) == rule

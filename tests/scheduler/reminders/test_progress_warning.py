"""目标进度预警: when it speaks, to whom, once, and not on a holiday."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from okr.collaboration import HelpKind
from okr.reminding import Exceptional, Reminder
from storage import help_requests, skills
from storage.database import Database
from storage.session import Session
from tests.scheduler.reminders.stage import OFFICE, STORE, Office, at, weekly
from tests.storage.company import person

JOB = "progress_warning"
SLOW = weekly(date(2026, 10, 12), ["5", "12", "20", "28", "33", "40"])
"""40 of 100 on 16 November; by 24 November 59 should be."""


@pytest.fixture
async def office(staffed: Database) -> Office:
    return Office(staffed, at("2026-11-24 09:30"))


async def test_who_lags_is_told_what_it_takes_and_what_to_try(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=SLOW)

    await office.run(JOB)
    await office.wind("2026-11-24 09:30")

    [text] = office.texts()
    assert f"🟡 {ref} 开发新客户慢了一点:进度 40%,按时间该到 59%" in text
    assert "还有 37 天" in text
    assert "接下来每周要涨 11" in text
    assert "1 把剩下的分到每一周" in text
    assert "按「慢 10 个点以上」提醒 · 回「别提醒」可关" in text


async def test_far_behind_the_manager_hears_of_it_too(office: Office) -> None:
    await office.goal(OFFICE, reports=SLOW[:2])

    await office.run(JOB)
    await office.wind("2026-11-24 09:30")

    own, manager = sorted(office.texts(), key=len, reverse=True)
    assert own.startswith("🔴")
    assert "早点跟上级聊聊" in own
    assert manager.startswith("🔴 周敏的 KR")


async def test_who_keeps_pace_hears_nothing(office: Office) -> None:
    await office.goal(OFFICE, reports=[("2026-11-20", "55")])

    assert await office.run(JOB) == "0 to say, 0 letters"


async def test_nothing_is_said_in_the_first_days_of_a_cycle(staffed: Database) -> None:
    office = Office(staffed, at("2026-10-08 09:30"))
    await office.goal(OFFICE)

    assert await office.run(JOB) == "0 to say, 0 letters"


async def test_run_again_it_says_nothing_new(office: Office) -> None:
    await office.goal(OFFICE, reports=SLOW)

    assert await office.run(JOB) == "1 to say, 1 letters"
    assert await office.run(JOB) is None
    assert await office.run(JOB, "2026-11-25 09:30") == "1 to say, 0 letters"
    # by now it is 告急, which is worse, and the manager hears of it
    assert await office.run(JOB, "2026-12-01 09:30") == "2 to say, 2 letters", (
        "by now it is 告急, and that is worse"
    )


async def test_on_a_holiday_it_waits_and_is_dropped_when_its_cause_is_gone(staffed: Database) -> None:
    office = Office(staffed, at("2026-02-17 09:30"))
    ref = await office.goal(OFFICE, reports=[("2026-02-10", "40")])

    await office.run(JOB)
    await office.wind("2026-02-17 09:30")
    assert office.texts() == []
    await office.report(ref, "60")
    await office.wind("2026-02-24 09:00")

    assert office.texts() == []
    assert await office.states() == ["dropped"]


async def test_after_the_holiday_it_speaks_with_the_numbers_of_then(staffed: Database) -> None:
    office = Office(staffed, at("2026-02-17 09:30"))
    ref = await office.goal(OFFICE, reports=[("2026-02-10", "40")])

    await office.run(JOB)
    await office.report(ref, "41")
    await office.wind("2026-02-24 09:00")

    assert "进度 41%" in office.texts()[0]


async def test_a_store_is_told_in_its_quiet_hours(office: Office) -> None:
    await office.goal(STORE, reports=SLOW)

    await office.run(JOB)
    await office.wind("2026-11-24 09:30")
    assert office.texts() == []
    await office.wind("2026-11-24 10:30")

    assert len(office.texts()) == 1


async def test_a_person_may_have_a_threshold_and_a_switch_of_his_own(office: Office) -> None:
    await office.goal(OFFICE, reports=SLOW)
    usual = office.policy.reminders[Reminder.PROGRESS_WARNING]
    for one in (
        Exceptional(people=frozenset({OFFICE}), numbers={"behind_points": 30}),
        Exceptional(people=frozenset({OFFICE}), on=False),
    ):
        rules = {**office.policy.reminders, Reminder.PROGRESS_WARNING: replace(usual, exceptions=(one,))}
        office.policy = replace(office.policy, reminders=rules)
        day = "24" if one.on is None else "25"
        assert await office.run(JOB, f"2026-11-{day} 09:30") == "0 to say, 0 letters"


async def test_who_could_help_is_named_and_the_advice_goes_by_the_cause(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=SLOW)

    async def work(session: Session) -> None:
        zhao, zhou = await person(session, "E0201"), await person(session, OFFICE)
        await skills.add(session, zhao.id, ["客户"], zhao.id, office.now)
        await help_requests.make(
            session, kr_id=int(ref[2:]), asker_id=zhou.id, asked_id=None, words="缺人手", due=None, platform="dingtalk",
            at=office.now, kind=HelpKind.BLOCKER,
        )  # fmt: skip

    await office.database.transact(work)
    await office.run(JOB)
    await office.wind("2026-11-24 09:30")

    [text] = office.texts()
    assert "还差 60 家" in text
    assert "1 人手先排在最忙的两个小时" in text
    assert "赵店(滨江店) — 擅长客户,跟你一个组" in text
    assert "找赵店" in text

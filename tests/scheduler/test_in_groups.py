"""What a group that follows a unit hears of the reminders: totals and praise, once, in its hours, and nobody's bad news."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chat.card import plain_text
from chat.events import PlatformName
from okr.objectives import Basis, Kind, Measure, Visibility
from okr.quota import Quota
from okr.reminding import Reminder, ReminderRule
from storage import follows, usage, wishes
from storage.database import Database
from storage.follows import Follower
from storage.session import Session
from storage.wishes import Wish
from tests.scheduler.reminders.stage import Office, at
from tests.storage.company import person

STORE_GROUP = Follower(None, str(PlatformName.WECOM), "cid-store")
REGION_GROUP = Follower(None, str(PlatformName.DINGTALK), "cid-region")
STORE = ("E0101", "E0102", "E0103")
NAMES = ("王店", "李四", "张三", "周敏", "赵店")


@pytest.fixture
async def office(staffed: Database) -> Office:
    """Tuesday."""
    return Office(staffed, at("2026-11-24 09:30"))


async def follow(office: Office, unit: str, group: Follower = STORE_GROUP) -> None:
    await office.database.transact(lambda session: follows.follow(session, group, unit, office.now))


def heard(office: Office, platform: PlatformName = PlatformName.WECOM) -> list[str]:
    """The first lines of what arrived in groups."""
    return [one.card.face.title for one in office.boxes[platform].arrived if one.conversation is not None]


def whole(office: Office, platform: PlatformName = PlatformName.WECOM) -> str:
    return "\n".join(
        text
        for one, text in zip(office.boxes[platform].arrived, _texts(office, platform), strict=True)
        if one.conversation is not None
    )


def _texts(office: Office, platform: PlatformName) -> list[str]:

    return [plain_text(one.card.face, numbered=True) for one in office.boxes[platform].arrived]


async def goals(office: Office, *values: str) -> list[str]:
    return [
        await office.goal(owner, reports=[("2026-11-20", value)])
        for owner, value in zip(STORE, values, strict=False)
    ]


async def test_at_risk_the_group_hears_how_many_and_not_who(office: Office) -> None:
    await goals(office, "10", "45", "60")
    await follow(office, "西湖店")

    await office.run("progress_warning")
    await office.wind("2026-11-24 09:30")
    assert heard(office) == [], "the store is opening"
    await office.wind("2026-11-24 10:30")

    assert heard(office) == ["西湖店有 2 个 KR 偏慢,其中 1 个告急"]
    assert "取消订阅 西湖店" in whole(office)
    assert not any(name in whole(office) or "KR1 " in whole(office) for name in NAMES)


@pytest.mark.parametrize(
    ("case", "values"),
    [("behind only", ("45", "45", "60")), ("on the way", ("60", "60", "60")), ("two people", ("10", "45"))],
)
async def test_a_group_hears_nothing_where(office: Office, case: str, values: tuple[str, ...]) -> None:
    await goals(office, *values)
    await follow(office, "西湖店")

    await office.run("progress_warning")
    await office.wind("2026-11-24 10:30")

    assert heard(office) == [], case


async def test_the_same_is_told_to_a_group_after_a_week(office: Office) -> None:
    await goals(office, "10", "45", "60")
    await follow(office, "西湖店")

    for day in range(24, 31):
        await office.run("progress_warning", f"2026-11-{day} 09:30")
        await office.wind(f"2026-11-{day} 10:30")
    assert len(heard(office)) == 1
    await office.run("progress_warning", "2026-12-02 09:30")
    await office.wind("2026-12-02 10:30")

    assert len(heard(office)) == 2


async def test_a_group_that_has_left_meanwhile_hears_nothing(office: Office) -> None:
    await goals(office, "10", "45", "60")
    await follow(office, "西湖店")
    await office.run("progress_warning")
    await office.database.transact(lambda session: follows.unfollow(session, STORE_GROUP, "西湖店"))

    await office.wind("2026-11-24 10:30")

    assert heard(office) == []
    assert "dropped" in await office.states()


async def test_on_a_holiday_a_group_of_the_office_waits_for_the_working_day(staffed: Database) -> None:
    office = Office(staffed, at("2026-02-17 09:30"))
    for owner, value in zip(("E0002", "E0003", "E0101"), ("3", "5", "40"), strict=True):
        await office.goal(owner, reports=[("2026-02-10", value)])
    await follow(office, "总部", REGION_GROUP)

    await office.run("progress_warning")
    await office.wind("2026-02-17 10:00")
    assert heard(office, PlatformName.DINGTALK) == []
    await office.wind("2026-02-24 09:00")

    assert len(heard(office, PlatformName.DINGTALK)) == 1


async def test_how_much_has_been_reported_is_told_once_on_the_third_day(office: Office) -> None:
    refs = await goals(office, "10", "45", "60")
    for ref in refs[1:]:
        office.now = at("2026-11-23 10:00")
        await office.report(ref, "61")
    office.now = at("2026-11-10 10:00")
    await office.report(refs[0], "11")
    office.now = at("2026-11-24 09:30")
    await follow(office, "西湖店")

    for day in range(24, 29):
        await office.run("checkin_overdue", f"2026-11-{day} 09:30")
        await office.wind(f"2026-11-{day} 10:30")

    assert heard(office) == ["西湖店本周更新率 67%"]
    assert "这周该报的 3 个 KR,还有 1 个没报" in whole(office)
    assert not any(name in whole(office) for name in NAMES)


async def test_the_week_of_a_store_on_monday_and_of_a_region_on_friday(office: Office) -> None:
    await goals(office, "10", "45", "60")
    await follow(office, "西湖店")
    await follow(office, "华东区", REGION_GROUP)

    await office.run("weekly_report", "2026-11-27 17:00")
    await office.wind("2026-11-27 17:00")
    assert heard(office) == []
    assert heard(office, PlatformName.DINGTALK) == ["华东区本周战报:3 人 3 个 KR,2 个偏慢"]
    await office.run("weekly_report", "2026-11-30 10:30")
    await office.run("weekly_report", "2026-11-30 10:30")
    await office.wind("2026-11-30 10:30")

    assert heard(office) == ["西湖店上周战报:3 人 3 个 KR,2 个偏慢"]
    assert not any(name in whole(office) for name in NAMES if name not in whole(office).partition("高光")[2])


async def test_the_review_is_announced_with_its_day(office: Office) -> None:
    await goals(office, "10", "45", "60")
    await follow(office, "西湖店")

    for day in (25, 26):
        await office.run("monthly_review", f"2026-11-{day} 10:00")
        await office.wind(f"2026-11-{day} 10:30")

    [title] = heard(office)
    assert title == "📅 11 月复盘开始了,11月28日前交"
    assert "西湖店 3 个人的复盘单" in whole(office)


async def test_what_is_done_is_praised_without_its_amount(office: Office) -> None:
    money = await office.goal("E0102", measure=_yuan(), title="销售额", reports=[("2026-11-20", "60")])
    await follow(office, "西湖店")
    office.now = at("2026-11-24 10:31")
    await office.report(money, "100")

    for minute in (40, 50):
        await office.run("achievement", f"2026-11-24 10:{minute}")
        await office.wind(f"2026-11-24 10:{minute}")

    assert heard(office) == [f"🎉 李四的 {money} 销售额做到了!"]
    assert "100 万" not in whole(office)


def _yuan() -> Measure:

    return Measure(Kind.NUMBER, "万元", Basis.LATEST, Decimal(0), Decimal(100))


async def test_who_does_not_want_it_is_not_praised_in_groups(office: Office) -> None:
    ref = await office.goal("E0102", reports=[("2026-11-20", "60")])
    await follow(office, "西湖店")

    async def refuse(session: Session) -> None:
        who = await person(session, "E0102")
        await wishes.say(session, who.id, Wish(wishes.GROUP_PRAISE, "", wanted=False, until=None), office.now)

    await office.database.transact(refuse)
    office.now = at("2026-11-24 10:31")
    await office.report(ref, "100")
    await office.run("achievement", "2026-11-24 10:40")
    await office.wind("2026-11-24 10:40")

    assert heard(office) == []
    assert len(office.arrived) == 1, "in private he hears of it"


async def test_only_what_all_may_see_is_counted_and_praised(office: Office) -> None:

    refs = await goals(office, "10", "10", "10")
    await follow(office, "西湖店")
    await office.database.transact(
        lambda session: session.run("UPDATE objectives SET visibility = ?", str(Visibility.DEPARTMENT))
    )
    office.now = at("2026-11-24 10:31")
    await office.report(refs[0], "100")

    for job in ("progress_warning", "achievement"):
        await office.run(job, "2026-11-24 10:40")
    await office.wind("2026-11-24 10:40")

    assert heard(office) == []


async def test_as_the_month_runs_short_groups_are_silent_first(office: Office) -> None:
    await goals(office, "10", "45", "60")
    await follow(office, "华东区", REGION_GROUP)
    office.policy = replace(office.policy, quota=Quota(calls=100, pushes=100, reserved=0))
    await office.database.transact(lambda session: usage.spend(session, "dingtalk", "2026-11", "calls", 70))

    await office.run("weekly_report", "2026-11-27 17:00")
    await office.wind("2026-11-27 17:00")

    assert heard(office, PlatformName.DINGTALK) == []


async def test_what_the_company_has_switched_off_no_group_hears(office: Office) -> None:
    await goals(office, "10", "45", "60")
    await follow(office, "西湖店")
    off = {
        one: replace(office.policy.reminders.get(one, ReminderRule()), on=False)
        for one in (Reminder.PROGRESS_WARNING, Reminder.MONTHLY_REVIEW, Reminder.WEEKLY_REPORT)
    }
    office.policy = replace(office.policy, reminders={**office.policy.reminders, **off})

    await office.run("progress_warning")
    await office.run("weekly_report", "2026-11-30 10:30")
    office.now += timedelta(days=6)
    await office.wind("2026-11-30 10:30")

    assert heard(office) == []

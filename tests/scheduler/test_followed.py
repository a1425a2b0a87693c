"""What followers hear once a day, and what a group does not."""

from __future__ import annotations

import pytest

from chat.events import PlatformName
from storage import follows, trail
from storage.database import Database
from storage.follows import Follower
from storage.session import Session
from storage.trail import Deed
from tests.scheduler.reminders.stage import OFFICE, Office, at
from tests.storage.company import person

JOB = "followed"
READER = "E0002"
GROUP = Follower(None, str(PlatformName.DINGTALK), "cid-group")


@pytest.fixture
async def office(staffed: Database) -> Office:
    return Office(staffed, at("2026-11-23 10:00"))


async def followed(office: Office, target: str, *, group: bool = False) -> None:
    async def work(session: Session) -> None:
        who = GROUP if group else Follower((await person(session, READER)).id)
        await follows.follow(session, who, target, office.now)

    await office.database.transact(work)


async def test_an_achievement_is_told_once(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-10", "60")])
    await followed(office, ref)
    await office.report(ref, "100")

    assert await office.run(JOB, "2026-11-23 18:00") == "1 of 1 have news"
    assert await office.run(JOB, "2026-11-24 18:00") == "0 of 1 have news"
    await office.wind("2026-11-23 18:00")

    [text] = office.texts()
    assert f"🔔 订阅的目标今天有 1 处变化:{ref} 已达成" in text
    assert f"✅ {ref} 开发新客户 已达成(周敏)" in text
    assert f"取消订阅 {ref}" in text


async def test_where_nothing_has_happened_nothing_is_said(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-10", "60")])
    await followed(office, ref)
    await office.report(ref, "61")

    assert await office.run(JOB, "2026-11-23 18:00") == "0 of 1 have news"


async def test_a_unit_is_followed_as_a_whole_and_ones_own_is_no_news(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-10", "60")])
    own = await office.goal(READER, reports=[("2026-11-10", "60")])
    await followed(office, "总部")
    for one in (ref, own):
        await office.report(one, "100")

    await office.run(JOB, "2026-11-23 18:00")
    await office.wind("2026-11-23 18:00")

    [text] = office.texts()
    assert ref in text
    assert own not in text


async def test_what_was_agreed_on_is_told_and_what_was_only_asked_for_is_not(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-20", "60")])
    await followed(office, "O1")

    async def work(session: Session) -> None:
        zhou, chen = await person(session, OFFICE), await person(session, "E0001")
        for action in ("申请修改", "修改"):
            deed = Deed(
                action, office.now, zhou.id, "dingtalk", 1, int(ref[2:]), 7, "target", "100", "90", approver_id=chen.id
            )  # fmt: skip
            await trail.record(session, deed)

    await office.database.transact(work)
    await office.run(JOB, "2026-11-23 18:00")
    await office.wind("2026-11-23 18:00")

    [text] = office.texts()
    assert f"📝 {ref} 开发新客户 修改目标值,陈总批的" in text
    assert text.count("📝") == 1
    assert "90" not in text


async def test_a_group_hears_good_news_and_nobodys_bad_light(office: Office) -> None:
    good = await office.goal(OFFICE, reports=[("2026-11-10", "60")])
    bad = await office.goal(READER, reports=[("2026-11-10", "60")], title="培训场次")
    for ref in (good, bad):
        await followed(office, ref, group=True)
    await office.report(good, "100")
    await office.report(bad, "10")

    await office.run(JOB, "2026-11-23 18:00")
    await office.wind("2026-11-23 18:00")

    [text] = office.texts()
    assert f"✅ {good}" in text
    assert "培训场次" not in text
    assert "另有 1 个慢下来了" in text


async def test_bad_news_alone_is_nothing_for_a_group(office: Office) -> None:
    bad = await office.goal(READER, reports=[("2026-11-10", "60")])
    await followed(office, bad, group=True)
    await office.report(bad, "10")

    assert await office.run(JOB, "2026-11-23 18:00") == "0 of 1 have news"

"""协作障碍提示: whom it reminds of what waits, when, once, and not on days off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chat.events import PlatformName
from okr.collaboration import HelpKind, HelpState
from okr.reminding import Reminder
from storage import help_requests, rosters, skills
from storage.database import Database
from storage.session import Session
from tests.scheduler.reminders.stage import OFFICE, STORE, Office, at
from tests.storage.company import person

JOB = "collab_blocked"
ASKER, ASKED, BOSS, STORE_BOSS = "E0002", OFFICE, "E0001", "E0101"
"""林晓 of personnel asks 周敏; the superior of both is 陈总."""


@pytest.fixture
async def office(staffed: Database) -> Office:
    return Office(staffed, at("2026-11-23 10:00"))


async def asked(
    office: Office, *, asked: str | None = ASKED, due: str = "", group: str = "", owner: str = ASKER
) -> int:
    """林晓's request about a goal of hers, on the Monday at ten. Its number."""
    ref = await office.goal(owner, reports=[("2026-11-20", "55")])

    async def work(session: Session) -> int:
        return await help_requests.make(
            session,
            kr_id=int(ref[2:]),
            asker_id=(await person(session, ASKER)).id,
            asked_id=(await person(session, asked)).id if asked else None,
            words="要客流数据",
            due=date.fromisoformat(due) if due else None,
            platform=str(PlatformName.DINGTALK),
            group=group,
            at=office.now,
            kind=HelpKind.HELP if asked else HelpKind.BLOCKER,
        )

    return await office.database.transact(work)


async def moved(office: Office, number: int, state: HelpState) -> None:
    async def work(session: Session) -> None:
        request = await help_requests.by_id(session, number)
        assert request is not None
        await help_requests.move(session, request, state, office.now, answered=True)

    await office.database.transact(work)


async def does(office: Office, work: Any) -> Any:
    return await office.database.transact(work)


async def wrote(office: Office, *moments: str) -> list[str]:
    """What has arrived when the job has looked at each of these moments."""
    for moment in moments:
        await office.run(JOB, moment)
        await office.wind(moment)
    return office.texts()


# --- nobody answers ---


async def test_who_was_asked_is_reminded_after_a_day(office: Office) -> None:
    await asked(office, due="2026-11-27")

    assert await wrote(office, "2026-11-24 09:30") == []
    [text] = await wrote(office, "2026-11-24 10:00")

    assert text.startswith("🙋 林晓等你回话 1 天了:要客流数据(X1)")
    assert "周五前要" in text
    assert "接受 X1 / 转给 X1 @同事 / 帮不上 X1 原因" in text
    assert "请人帮忙 24 个小时没回就提醒(休息日不算) · 回「别提醒」可关" in text


async def test_after_two_days_both_superiors_hear_of_it_and_who_asks_is_offered_somebody_else(
    office: Office,
) -> None:
    await asked(office)

    async def work(session: Session) -> None:
        zhao = await person(session, "E0201")
        await skills.add(session, zhao.id, ["客流"], zhao.id, office.now)

    await does(office, work)
    texts = await wrote(office, "2026-11-25 10:00")
    await wrote(office, "2026-11-25 10:30")

    heads = sorted(text.splitlines()[0] for text in texts)
    assert heads == sorted(
        [
            "⏳ X1 周敏还没回:要客流数据",
            "⏳ 林晓请周敏帮忙,等了 2 天还没回话:要客流数据",
            "🙋 林晓等你回话 2 天了:要客流数据(X1)",
        ]
    )
    assert "可以换 赵店(滨江店) — 擅长客流" in next(text for text in texts if "还没回:" in text)
    assert len(office.texts()) == 3


async def test_who_has_answered_is_not_reminded(office: Office) -> None:
    number = await asked(office)
    await moved(office, number, HelpState.ACCEPTED)

    assert await office.run(JOB, "2026-11-25 10:00") == "0 to say, 0 letters"


async def test_an_answer_before_the_letter_has_left_drops_it(office: Office) -> None:
    number = await asked(office)
    await office.run(JOB, "2026-11-24 10:00")
    await moved(office, number, HelpState.ACCEPTED)
    await office.wind("2026-11-24 10:00")

    assert office.texts() == []
    assert await office.states() == ["dropped"]


async def test_run_again_it_says_nothing_new(office: Office) -> None:
    await asked(office)

    assert await office.run(JOB, "2026-11-24 10:00") == "1 to say, 1 letters"
    assert await office.run(JOB, "2026-11-24 10:00") is None
    assert await office.run(JOB, "2026-11-24 10:30") == "1 to say, 0 letters"
    assert await office.run(JOB, "2026-11-25 10:00") == "3 to say, 3 letters"
    assert await office.run(JOB, "2026-11-25 15:00") == "3 to say, 0 letters"


async def test_a_weekend_and_a_holiday_do_not_count(staffed: Database) -> None:
    office = Office(staffed, at("2026-09-30 10:00"))
    await asked(office)

    assert await office.run(JOB, "2026-10-08 09:30") == "0 to say, 0 letters"
    assert await office.run(JOB, "2026-10-08 10:00") == "1 to say, 1 letters"


async def test_a_store_is_counted_by_its_roster(office: Office) -> None:
    await asked(office, asked=STORE)

    async def work(session: Session) -> None:
        li = await person(session, STORE)
        await rosters.put(session, li.id, date(2026, 11, 24), [], "file")

    await does(office, work)

    assert await office.run(JOB, "2026-11-24 15:00") == "0 to say, 0 letters"
    assert await office.run(JOB, "2026-11-25 10:00") == "1 to say, 1 letters"


async def test_a_group_is_told_nothing_but_who_is_asked_once(office: Office) -> None:
    await asked(office, group="cid-group")

    await wrote(office, "2026-11-24 10:00", "2026-11-24 10:30", "2026-11-25 10:00")

    in_group = [p for p in office.boxes[PlatformName.DINGTALK].arrived if p.conversation is not None]
    [parcel] = in_group
    assert parcel.conversation is not None
    assert parcel.conversation.id == "cid-group"
    assert parcel.card.face.title == "@周敏 林晓在等你回个话:要客流数据(X1)"
    assert not any("天" in line for line in (*parcel.card.face.lines, parcel.card.face.title))
    assert not any("进度" in line or "%" in line for line in parcel.card.face.lines)


# --- accepted, and late ---


async def test_what_was_promised_and_is_late_is_asked_about(office: Office) -> None:
    number = await asked(office, due="2026-11-24")
    await moved(office, number, HelpState.ACCEPTED)

    assert await wrote(office, "2026-11-24 19:30") == []
    [text] = await wrote(office, "2026-11-25 09:00")
    assert text.startswith("🕒 X1 说好昨天前给林晓的:要客流数据")
    texts = await wrote(office, "2026-11-26 10:00")

    assert any(one.startswith("🕒 X1 说好") and "还没到" in one for one in texts)


async def test_what_is_late_over_a_weekend_waits_for_monday(office: Office) -> None:
    number = await asked(office, due="2026-11-27")
    await moved(office, number, HelpState.ACCEPTED)

    assert await office.run(JOB, "2026-11-28 10:00") == "0 to say, 0 letters"
    assert await office.run(JOB, "2026-11-30 09:00") == "1 to say, 1 letters"


# --- nothing is done about what is in the way ---


async def test_a_blocker_without_a_next_step_climbs(office: Office) -> None:
    await asked(office, asked=None, owner=ASKED)

    assert await office.run(JOB, "2026-11-24 05:30") == "0 to say, 0 letters"
    [own] = await wrote(office, "2026-11-24 09:00")
    assert own.startswith("🚧 KR1 卡着 23 个小时了,下一步做什么?(X1)")
    texts = await wrote(office, "2026-11-24 10:00", "2026-11-25 10:00")

    assert sorted(text.splitlines()[0] for text in texts) == sorted(
        [
            "🚧 KR1 卡着 23 个小时了,下一步做什么?(X1)",
            "🚧 林晓的 KR1 卡着 1 天了,还没有下一步(X1)",
            "🚧 KR1 卡着 2 天了,下一步做什么?(X1)",
            "🚧 林晓的 KR1 卡着 2 天了,还没有下一步(X1)",
        ]
    )
    assert any("你这头能不能搭把手?" in text for text in texts)
    assert any("一起想想要人、要货还是要钱" in text for text in texts)


async def test_a_next_step_or_somebody_who_helps_is_enough(office: Office) -> None:
    number = await asked(office, asked=None)
    assert await office.run(JOB, "2026-11-24 09:00") == "1 to say, 1 letters"
    await does(office, lambda session: help_requests.set_next_step(session, number, "打电话", office.now))

    assert await office.run(JOB, "2026-11-25 10:00") == "0 to say, 0 letters"


async def test_the_thresholds_and_the_switch_are_the_companys(office: Office) -> None:
    await asked(office)
    rule = office.policy.reminders[Reminder.COLLAB_BLOCKED]
    for changed, said in (
        (replace(rule, on=False), "switched off"),
        (replace(rule, numbers={**rule.numbers, "asked_hours": 4}), "1 to say, 1 letters"),
    ):
        office.policy = replace(
            office.policy, reminders={**office.policy.reminders, Reminder.COLLAB_BLOCKED: changed}
        )
        due = "2026-11-24 11:00" if not changed.on else "2026-11-23 14:00"
        assert await office.run(JOB, due) == said

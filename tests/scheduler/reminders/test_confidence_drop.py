"""信心下滑提醒: the owner is asked, and after a week his superior hears of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from storage import check_ins, objectives
from storage.check_ins import Entry
from storage.database import Database
from storage.session import Session
from tests.scheduler.reminders.stage import OFFICE, Office, at

JOB = "confidence_drop"


@pytest.fixture
async def office(staffed: Database) -> Office:
    return Office(staffed, at("2026-11-24 10:45"))


async def unsure(
    office: Office,
    said: Sequence[tuple[str, int]],
    reports: Sequence[tuple[str, str]] = (("2026-11-20", "58"),),
) -> str:
    """A key result of which somebody said so and so sure on those days."""
    ref = await office.goal(OFFICE, reports=reports)
    kr_id = int(ref[2:])

    async def work(session: Session) -> None:
        for day, level in said:
            moment = at(f"{day} 10:00")
            await check_ins.record(
                session, Entry(kr_id, moment, moment, None, "周敏", "dingtalk", confidence=level)
            )
            await objectives.set_confidence(session, kr_id, level)

    await office.database.transact(work)
    return ref


@pytest.mark.parametrize(
    ("case", "said", "reports", "title"),
    [
        ("low", [("2026-11-23", 3)], [("2026-11-20", "58")], "信心 3,是卡在哪儿了?"),
        ("two less at once", [("2026-11-16", 8), ("2026-11-23", 6)], [("2026-11-20", "58")], "信心 8 → 6"),
        ("less twice running", [("2026-11-09", 8), ("2026-11-16", 7), ("2026-11-23", 6)], [("2026-11-20", "58")],
         "信心 7 → 6"),
        ("on track and not sure", [("2026-11-16", 4)], [("2026-11-20", "58")], "进度正常,信心只有 4"),
        ("behind and sure", [("2026-11-16", 8)], [("2026-11-20", "40")], "进度慢了,你还有 8 分信心"),
    ],
)  # fmt: skip
async def test_the_owner_is_asked(
    office: Office, case: str, said: list[tuple[str, int]], reports: list[tuple[str, str]], title: str
) -> None:
    await unsure(office, said, reports)

    assert await office.run(JOB) == "1 to say, 1 letters", case
    await office.wind("2026-11-24 10:45")

    assert title in office.texts()[0]


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("sure", [("2026-11-16", 7), ("2026-11-23", 7)]),
        ("one less", [("2026-11-16", 8), ("2026-11-23", 7)]),
        ("fell long ago", [("2026-11-02", 8), ("2026-11-09", 6)]),
        ("better again", [("2026-11-16", 3), ("2026-11-23", 6)]),
    ],
)
async def test_nothing_is_asked_of_who_is(office: Office, case: str, said: list[tuple[str, int]]) -> None:
    await unsure(office, said)

    assert await office.run(JOB) == "0 to say, 0 letters", case


async def test_the_owner_is_asked_first_and_the_superior_after_a_week(office: Office) -> None:
    ref = await unsure(office, [("2026-11-23", 3)])

    await office.run(JOB)
    await office.wind("2026-11-24 10:45")
    [text] = office.texts()
    assert "先只问你。要不要让上级知道,你定;7 天还没好转就会告诉他" in text
    assert await office.run(JOB, "2026-11-24 11:45") == "1 to say, 0 letters", "run again"
    office.now = at("2026-11-30 10:45")
    assert await office.run(JOB) == "2 to say, 1 letters"
    await office.wind("2026-11-30 10:45")

    assert f"周敏对 {ref} 开发新客户信心只剩 3" in office.texts()[-1]


async def test_on_a_holiday_it_waits_and_is_dropped_when_it_is_better(staffed: Database) -> None:
    office = Office(staffed, at("2026-02-17 10:45"))
    ref = await unsure(office, [("2026-02-14", 3)], [("2026-02-13", "50")])

    assert await office.run(JOB) == "1 to say, 1 letters"
    moment = at("2026-02-23 10:00")

    async def better(session: Session) -> None:
        entry = Entry(int(ref[2:]), moment, moment, None, "周敏", "dingtalk", confidence=5)
        await check_ins.record(session, entry)
        await objectives.set_confidence(session, int(ref[2:]), 5)

    await office.database.transact(better)
    await office.report(ref, "60")
    await office.wind("2026-02-24 09:00")

    assert await office.states() == ["dropped"]

"""Requests for help that nobody answers in time."""

from __future__ import annotations

from storage import help_requests
from storage.database import Database
from tests.scheduler.reminders.stage import OFFICE, STORE, Office, at
from tests.storage.company import person

JOB = "expire_requests"


async def asked(office: Office, due: str | None = None) -> None:
    ref = await office.goal(OFFICE)

    async def work(session):  # type: ignore[no-untyped-def]
        asker, helper = await person(session, OFFICE), await person(session, STORE)
        await help_requests.make(
            session, kr_id=int(ref[2:]), asker_id=asker.id, asked_id=helper.id, words="要客流数据",
            due=at(due).date() if due else None, platform="dingtalk", at=office.now,
        )  # fmt: skip

    await office.database.transact(work)


async def test_who_asked_is_told_once_and_a_late_yes_is_still_welcome(staffed: Database) -> None:
    office = Office(staffed, at("2026-11-23 10:00"))
    await asked(office, due="2026-11-27 00:00")

    assert await office.run(JOB, "2026-11-27 08:20") == "0 expired"
    assert await office.run(JOB, "2026-11-28 08:20") == "1 expired"
    assert await office.run(JOB, "2026-11-29 08:20") == "0 expired"
    await office.wind("2026-11-30 09:30")

    [text] = office.texts()
    assert text.startswith("⏰ X1 没等到李四的回话:要客流数据")
    assert "转给 X1 @同事" in text


async def test_without_a_day_the_company_says_how_long(staffed: Database) -> None:
    office = Office(staffed, at("2026-11-23 10:00"))
    await asked(office)

    assert await office.run(JOB, "2026-11-30 08:20") == "0 expired"
    assert await office.run(JOB, "2026-12-01 08:20") == "1 expired"


async def test_the_holidays_do_not_count(staffed: Database) -> None:
    office = Office(staffed, at("2026-09-30 10:00"))
    await asked(office, due="2026-09-30 00:00")

    assert await office.run(JOB, "2026-10-09 08:20") == "0 expired"
    assert await office.run(JOB, "2026-10-10 08:20") == "1 expired"

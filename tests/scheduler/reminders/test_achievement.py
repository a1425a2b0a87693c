"""达成喝彩: each step once, a best day, and who helped."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from okr.collaboration import HelpState
from okr.objectives import Basis, Kind, Measure
from storage import help_requests
from storage.database import Database
from storage.session import Session
from tests.scheduler.reminders.stage import OFFICE, STORE, Office, at, weekly
from tests.storage.company import person

JOB = "achievement"
DAILY = Measure(Kind.NUMBER, "人", Basis.DAILY, Decimal(0), Decimal(1000))


@pytest.fixture
async def office(staffed: Database) -> Office:
    return Office(staffed, at("2026-11-24 10:05"))


async def reported(office: Office, ref: str, value: str, moment: str) -> str | None:
    """Say a value, and let the next look come."""
    office.now = at(moment)
    await office.report(ref, value)
    said = await office.run(JOB, moment)
    await office.wind(moment)
    return said


async def test_a_step_is_cheered_at_once(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-17", "40")])

    await reported(office, ref, "55", "2026-11-24 10:05")

    [text] = office.texts()
    assert text.startswith(f"👏 {ref} 开发新客户到 50% 了")


async def test_each_step_once_even_if_the_value_falls_and_rises_again(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-17", "20")])

    assert await reported(office, ref, "60", "2026-11-24 10:05") == "1 to say, 1 letters", (
        "50, and not 25 too"
    )
    assert await office.run(JOB, "2026-11-24 10:15") == "1 to say, 0 letters", "run again"
    assert await reported(office, ref, "40", "2026-11-24 11:25") == "0 to say, 0 letters"
    assert await reported(office, ref, "30", "2026-11-24 12:35") == "0 to say, 0 letters"
    assert await reported(office, ref, "62", "2026-11-24 13:45") == "1 to say, 0 letters"
    assert await reported(office, ref, "100", "2026-11-24 15:00") == "1 to say, 1 letters"

    assert [text.split("\n")[0] for text in office.texts()] == [
        f"👏 {ref} 开发新客户到 50% 了",
        f"🎉 {ref} 开发新客户做到了!",
    ]


async def test_who_helped_is_thanked_too(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-17", "40")])

    async def helped(session: Session) -> None:
        owner, helper = await person(session, OFFICE), await person(session, STORE)
        number = await help_requests.make(
            session, kr_id=int(ref[2:]), asker_id=owner.id, asked_id=helper.id, words="陈列", due=None,
            platform="dingtalk", at=at("2026-11-18 10:00"),
        )  # fmt: skip
        request = await help_requests.by_id(session, number)
        assert request is not None
        await help_requests.move(session, request, HelpState.DONE, at("2026-11-19 10:00"), answered=True)

    await office.database.transact(helped)
    await reported(office, ref, "55", "2026-11-24 10:35")

    assert any("李四帮过忙,也告诉他们了" in text for text in office.texts())
    assert f"👏 周敏的 {ref} 开发新客户到 50% 了,有你一份" in "\n".join(office.texts())


async def test_a_best_day_is_news(office: Office) -> None:
    reports = weekly(date(2026, 10, 12), ["510", "560", "530", "540", "520"])
    ref = await office.goal(OFFICE, reports=reports, measure=DAILY, title="客流")

    await reported(office, ref, "580", "2026-11-24 10:05")

    assert office.texts()[0].startswith(f"🏅 {ref} 客流(日均)最好的一天:580 人")


@pytest.mark.parametrize(
    ("case", "reports", "value", "more"),
    [
        ("a step that is passed already", [("2026-11-17", "51")], "60", {}),
        ("a day that is good, not best", weekly(date(2026, 10, 19), ["510", "560", "530", "540", "520"]), "555",
         {"measure": DAILY}),
    ],
)  # fmt: skip
async def test_nothing_is_said_of(
    office: Office, case: str, reports: list[tuple[str, str]], value: str, more: dict[str, Any]
) -> None:
    ref = await office.goal(OFFICE, reports=reports, **more)

    assert await reported(office, ref, value, "2026-11-24 10:05") == "0 to say, 0 letters", case


async def test_on_a_holiday_it_waits_and_is_dropped_when_it_was_a_slip(staffed: Database) -> None:
    office = Office(staffed, at("2026-02-17 10:00"))
    ref = await office.goal(OFFICE, reports=[("2026-02-10", "20")])

    assert await reported(office, ref, "60", "2026-02-17 10:00") == "1 to say, 1 letters"
    assert office.texts() == []
    await office.report(ref, "21")
    await office.wind("2026-02-24 09:00")

    assert await office.states() == ["dropped"]

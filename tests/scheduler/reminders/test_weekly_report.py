"""个人进度周报: exactly one a person and week, on the right day for office and store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.schedule import schedule_of
from storage import wishes
from storage.database import Database
from storage.session import Session
from storage.wishes import Wish
from tests.scheduler.reminders.stage import OFFICE, STORE, Office, at
from tests.storage.company import person

JOB = "weekly_report"
FRIDAY, MONDAY = "2026-11-27 17:00", "2026-11-30 10:30"
SALES = "E0202"
"""吴越 sells."""


@pytest.fixture
async def office(staffed: Database) -> Office:
    office = Office(staffed, at(FRIDAY))
    await office.goal(OFFICE, reports=[("2026-11-12", "40"), ("2026-11-20", "50"), ("2026-11-25", "62")])
    await office.goal(STORE, reports=[("2026-11-20", "10"), ("2026-11-25", "12")])
    return office


def own(office: Office, name: str) -> list[str]:
    return [text for text in office.texts() if text.startswith(name) and "战报" in text]


async def test_the_office_on_friday(office: Office) -> None:
    await office.run(JOB)
    await office.wind(FRIDAY)

    [text] = own(office, "周敏,本周")
    assert "1 个 KR,都在正轨" in text
    assert "62 家(比上周 +12 家) 62%,该到 63%,慢 1 个百分点" in text
    assert "高光:KR1 开发新客户 +12 家" in text
    assert "下周先办:KR1" in text
    assert own(office, "李四") == []


async def test_stores_on_monday_about_the_week_before(office: Office) -> None:
    office.now = at(MONDAY)
    await office.run(JOB)
    await office.wind(MONDAY)

    [text] = own(office, "李四,上周")
    assert "12 家(比上周 +2 家)" in text
    assert own(office, "周敏") == []


async def test_a_second_run_sends_nothing(office: Office) -> None:
    assert await office.run(JOB) == "2 to say, 2 letters"
    assert await office.run(JOB) is None
    assert await office.run(JOB, "2026-11-27 17:01") == "2 to say, 0 letters"


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-26 17:00", 0),
        ("2026-11-27 17:00", 1),
        ("2026-11-28 17:00", 0),
        ("2026-09-30 17:00", 1),  # the Friday after is in the National Day week
        ("2026-10-02 17:00", 0),
        ("2026-04-30 17:00", 1),  # 1 May is a Friday
        ("2026-05-01 17:00", 0),
    ],
)
async def test_the_days_of_the_office(staffed: Database, moment: str, said: int) -> None:
    office = Office(staffed, at(moment))
    await office.goal(OFFICE)

    await office.run(JOB)

    assert len(await office.states()) == 2 * said


async def test_who_leads_gets_the_team_in_numbers(office: Office) -> None:
    await office.run(JOB)
    await office.wind(FRIDAY)

    [text] = own(office, "陈总,团队")
    assert "1 人 1 个 KR,都在正轨" in text
    assert "更新率 100%" in text


async def test_off_shift_it_waits_for_the_next_and_says_what_holds_then(office: Office) -> None:
    office.now = at("2026-11-30 20:30")
    await office.run(JOB, MONDAY)
    await office.wind("2026-11-30 20:30")
    assert own(office, "李四") == []
    await office.report("KR2", "15")

    await office.wind("2026-12-01 10:30")

    [text] = own(office, "李四,上周")
    assert "15 家(比上周 +5 家)" in text


async def switched_off(office: Office, number: str) -> None:
    async def say(session: Session) -> None:
        who = await person(session, number)
        await wishes.say(session, who.id, Wish(JOB, "", wanted=False, until=None), office.now)

    await office.database.transact(say)


async def test_who_switched_it_off_gets_none_unless_he_sells(staffed: Database) -> None:
    office = Office(staffed, at(MONDAY))
    for number in (STORE, SALES):
        await office.goal(number)
        await switched_off(office, number)

    await office.run(JOB)
    await office.wind(MONDAY)

    assert own(office, "李四") == []
    [text] = own(office, "吴越,上周")
    assert "销售岗位必发" in text


async def test_in_a_store_it_takes_the_place_of_the_question_for_numbers(staffed: Database) -> None:
    office = Office(staffed, at("2026-11-30 09:00"))
    await office.goal(STORE)
    await office.goal(OFFICE)
    assert await office.run("checkin_due") == "1 to say, 1 letters"

    await office.run(JOB, MONDAY)
    await office.wind(MONDAY)

    [text] = own(office, "李四")
    assert "还没报的 1 个,顺手报一下" in text


async def test_the_company_moves_it(staffed: Database) -> None:
    office = Office(staffed, at("2026-11-26 16:00"))
    office.policy = replace(
        office.policy, schedule=schedule_of({JOB: {"office": "thu 16:00", "store": "tue 11:00"}})
    )
    await office.goal(OFFICE)
    await office.goal(STORE)

    assert await office.run(JOB) == "2 to say, 2 letters"
    assert await office.run(JOB, FRIDAY) == "0 to say, 0 letters"
    assert await office.run(JOB, "2026-12-01 11:00") == "2 to say, 2 letters"


async def test_on_wecom_a_line_says_what_it_is_about_and_how_it_stands(office: Office) -> None:
    await office.run(JOB)
    await office.wind(FRIDAY)

    card = next(card for card in office.arrived if card.face.title.startswith("周敏,本周"))
    face = card.wecom or card.face
    assert [(fact.name, fact.value) for fact in face.facts] == [("KR1", "🟢 开发新客户 62 家,慢 1 个百分点")]
    assert all(len(fact.name) <= 5 and len(fact.value) <= 26 for fact in face.facts)

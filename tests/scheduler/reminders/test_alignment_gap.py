"""目标未制定/未对齐提醒: around the first day of a cycle, and once a week what is missing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okr.objectives import Kind, Measure
from storage.database import Database
from tests.scheduler.reminders.stage import OFFICE, Office, at

JOB = "alignment_gap"


@pytest.fixture
async def office(staffed: Database) -> Office:
    """A Friday; the quarter began eight days ago, and seven of the working days were off."""
    office = Office(staffed, at("2027-01-08 09:10"))
    await office.run("open_cycle", "2027-01-01 00:01")
    return office


async def test_who_has_no_goals_hears_of_it_and_who_leads_him_gets_the_names(office: Office) -> None:
    await office.run(JOB)
    await office.wind("2027-01-08 10:40")

    texts = "\n".join(office.texts())
    assert "🎯 2027Q1 开始 7 天了,你的目标还没定" in texts
    assert "🎯 2027Q1 你团队还有" in texts
    assert "🎯 2027Q1 全公司还有" in texts


async def test_who_has_goals_hears_nothing(office: Office) -> None:
    before = await office.run(JOB, "2027-01-08 09:10")
    await office.goal(OFFICE)
    after = await office.run(JOB, "2027-01-08 09:11")

    assert int((before or "").split()[0]) - int((after or "").split()[0]) == 1


async def test_each_of_the_days_once(office: Office) -> None:
    first = await office.run(JOB, "2027-01-08 09:10")
    again = await office.run(JOB, "2027-01-09 09:10")

    assert first is not None
    assert again is not None
    assert not first.endswith(" 0 letters")
    assert again.endswith(" 0 letters")


async def test_in_the_middle_of_a_quarter_nothing_is_said(staffed: Database) -> None:
    office = Office(staffed, at("2026-11-24 09:10"))
    await office.run("open_cycle", "2026-11-24 00:01")

    assert await office.run(JOB) == "0 to say, 0 letters"


async def test_on_mondays_gaps_are_named_with_a_tap_for_each(staffed: Database) -> None:
    office = Office(staffed, at("2026-11-23 09:10"))
    ref = await office.goal(OFFICE, measure=Measure(Kind.NUMBER, "家", target=Decimal(9)))

    assert await office.run(JOB) == "3 to say, 3 letters"
    await office.wind("2026-11-23 09:10")

    cards = {card.face.title: card for card in office.arrived}
    own = cards["🧩 你的目标还缺 2 处,点一下就能补"]
    assert [button.say for button in own.face.buttons] == [f"修改 {ref} 起始值", "对齐 O1"]
    assert "🧩 你团队 1 个人的目标还缺东西" in cards
    assert "🧩 全公司 1 个人的目标还缺 2 处" in cards, "the administrators, where nobody is of personnel"


async def test_a_level_that_was_skipped_is_a_gap(staffed: Database) -> None:
    office = Office(staffed, at("2026-11-23 09:10"))
    top = await office.goal("E0001", reports=[("2026-11-20", "60")])
    await office.goal("E0102", reports=[("2026-11-20", "60")])
    await office.database.transact(
        lambda session: session.run(
            "UPDATE objectives SET parent_kr_id = ? WHERE id = 2", int(top.removeprefix("KR"))
        )
    )

    await office.run(JOB)
    await office.wind("2026-11-23 10:30")

    [text] = [one for one in office.texts() if "你的目标还缺" in one]
    assert "O2 隔了一级" in text
    assert "O2 换上级" in text


async def test_on_a_holiday_it_waits_and_is_dropped_when_there_are_goals(staffed: Database) -> None:
    office = Office(staffed, at("2026-10-04 09:10"))
    await office.run("open_cycle", "2026-10-01 00:01")
    await office.run(JOB)
    await office.goal(OFFICE)
    await office.wind("2026-10-08 10:40")

    names = await office.people()
    who = next(one for one, name in names.items() if name == "周敏")
    row = await office.database.read(
        lambda session: session.one(
            "SELECT state FROM letters WHERE employee_id = ? AND variant = 'unset'", who
        )
    )
    assert row is not None
    assert row[0] == "dropped"

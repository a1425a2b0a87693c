"""As the month's budget runs short: first each gets his card, then all get the same words in one call, then nothing by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chat.events import PlatformName
from okr.quota import Quota
from storage import usage
from storage.database import Database
from tests.scheduler.reminders.stage import Office, at

MONDAY = "2026-11-23 09:00"
"""77 % of the month are over; with the head start 92 % of the budget may be gone."""
OFFICE_ON_DINGTALK = ("E0001", "E0003")
CALLS = 1000
USABLE = 800


@pytest.fixture
async def office(staffed: Database) -> Office:
    office = Office(staffed, at(MONDAY))
    for number in OFFICE_ON_DINGTALK:
        await office.goal(number, reports=[("2026-11-12", "40")])
    office.policy = replace(office.policy, quota=Quota(CALLS, 0, 0.2), board="https://okr.example.com")
    return office


async def spent(office: Office, share: float) -> None:
    await office.database.transact(
        lambda session: usage.spend(session, "dingtalk", "2026-11", "calls", round(USABLE * share))
    )


async def calls(office: Office) -> int:
    found = await office.database.read(lambda session: usage.spent(session, "2026-11"))
    return found.get(("dingtalk", "calls"), 0)


async def test_while_there_is_enough_each_gets_his_own_card(office: Office) -> None:
    await office.run("checkin_due")
    await office.wind(MONDAY)

    assert office.boxes[PlatformName.DINGTALK].together == []
    assert [text.startswith("这周的数该报了") for text in office.texts()] == [False, False]


async def test_then_all_are_told_the_same_in_one_call(office: Office) -> None:
    await spent(office, 0.78)
    before = await calls(office)
    await office.run("checkin_due")
    await office.wind(MONDAY)

    assert office.boxes[PlatformName.DINGTALK].together == [2]
    assert await calls(office) == before + 1
    for text in office.texts():
        assert text.startswith("这周的数该报了")
        assert "https://okr.example.com/board" in text
        assert "额度不多了" in text


async def test_then_it_waits_in_the_list_of_what_is_open(office: Office) -> None:
    await spent(office, 0.85)
    await office.run("checkin_due")
    await office.wind(MONDAY)
    assert office.texts() == []

    await office.run("digest", "2026-11-23 10:15")
    await office.wind("2026-11-23 10:20")
    assert office.texts() == []


async def test_what_has_no_short_words_of_its_own_is_told_of_in_a_digest_that_is_the_same_for_all(
    office: Office,
) -> None:
    await spent(office, 0.78)
    before = await calls(office)
    await office.run("progress_warning")
    await office.wind(MONDAY)
    assert office.texts() == []

    await office.run("digest", "2026-11-23 10:15")
    await office.wind("2026-11-23 10:20")
    assert office.boxes[PlatformName.DINGTALK].together == [2]
    assert await calls(office) == before + 1
    assert all(text.startswith("有几件事在等你") for text in office.texts())


async def test_who_has_had_enough_today_gets_no_short_words_either(office: Office) -> None:
    office.policy = replace(office.policy, ceiling=replace(office.policy.ceiling, day=1))
    await office.run("progress_warning")
    await office.wind(MONDAY)
    told = len(office.texts())
    await spent(office, 0.78)
    await office.run("checkin_due")
    await office.wind(MONDAY)

    assert told == len(OFFICE_ON_DINGTALK)
    assert len(office.texts()) == told

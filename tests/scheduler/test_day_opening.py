"""As a day begins: what was left is offered once, and who wants it gets a card with his own progress."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chat.answers import Letter, Mark, Urgency
from okr.quota import Quota
from scheduler import day_opening
from storage import absences, day_actions, letters, openings, usage, wishes
from storage.database import Database
from storage.day_actions import DONE, OPEN, DayAction
from storage.session import Session
from storage.wishes import Wish
from tests.cards.faces import cards
from tests.scheduler.reminders.stage import OFFICE, STORE, Office, at
from tests.storage.company import person

JOB = day_opening.JOB.name
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
EARLY, SHIFT = "2026-11-24 05:00", "2026-11-24 10:30"
"""Whose shifts nobody knows is written to from half past ten on."""
CARDS = Wish(openings.KEY, "", wanted=True, until=None)


@pytest.fixture
async def office(staffed: Database) -> Office:
    return Office(staffed, at("2026-11-23 18:00"))


async def left(office: Office, *words: str, owner: str = STORE, day: date = MONDAY) -> list[int]:
    async def work(session: Session) -> list[int]:
        who = (await person(session, owner)).id
        return [
            await day_actions.write(
                session, DayAction(0, None, who, who, day, one, "", OPEN, office.now, None)
            )
            for one in words
        ]

    return await office.database.transact(work)


async def says(office: Office, wish: Wish, owner: str = STORE) -> None:
    async def work(session: Session) -> None:
        await wishes.say(session, (await person(session, owner)).id, wish, office.now)

    await office.database.transact(work)


async def test_what_was_left_is_offered_as_the_next_shift_begins_and_once(office: Office) -> None:
    first, second = await left(office, "陈列调整", "赠饮")

    assert await office.run(JOB, EARLY) == "1 letters"
    await office.wind("2026-11-24 10:00")
    assert office.texts() == []
    await office.wind(SHIFT)

    [text] = office.texts()
    assert text.startswith("上次还有 2 件没做完,今天还做吗")
    assert f"A{first} 陈列调整 · 昨天没做完" in text
    assert f"今天做 A{first}" in text
    assert f"A{second} 赠饮" in text
    assert await office.run(JOB, "2026-11-25 05:00") == "0 letters"


async def test_what_is_done_or_dropped_before_is_not_offered(office: Office) -> None:
    numbers = await left(office, "陈列调整", "赠饮")
    await office.run(JOB, EARLY)

    async def tick(session: Session) -> None:
        for number in numbers:
            await day_actions.settle(session, number, DONE, office.now)

    await office.database.transact(tick)
    await office.wind(SHIFT)

    assert office.texts() == []
    assert await office.states() == ["dropped"]


async def test_what_is_left_again_after_a_later_day_is_offered_with_it(office: Office) -> None:
    await left(office, "陈列调整")
    await office.run(JOB, EARLY)
    await office.wind(SHIFT)
    [new] = await left(office, "换海报", day=TUESDAY)

    await office.run(JOB, "2026-11-25 05:00")
    await office.wind("2026-11-25 10:30")

    assert "换海报" in office.texts()[-1]
    assert f"A{new}" in office.texts()[-1]
    assert "陈列调整" not in office.texts()[-1]


async def test_who_is_away_is_asked_when_he_is_back(office: Office) -> None:
    await left(office, "陈列调整")
    await office.run(JOB, EARLY)

    async def leave(session: Session) -> None:
        who = await person(session, STORE)
        await absences.say(session, who.id, TUESDAY, TUESDAY + timedelta(days=1), None, office.now)

    await office.database.transact(leave)
    await office.wind(SHIFT)
    assert office.texts() == []
    await office.wind("2026-11-26 10:30")

    assert "陈列调整" in office.texts()[0]


async def test_who_wants_a_card_sees_how_his_goals_stand(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-20", "31")])
    await office.goal(OFFICE, reports=[("2026-11-20", "90")], title="老客户复购")
    await left(office, "打电话", owner=OFFICE)
    assert (
        await office.run(JOB, "2026-11-24 04:00") == "1 letters"
    )  # only what was left: nobody has asked for more
    await says(office, CARDS, OFFICE)

    await office.run(JOB, "2026-11-25 05:00")
    await office.wind("2026-11-25 09:00")

    text = office.texts()[-1]
    assert text.startswith("早,今天 2 个目标,1 个慢了")
    assert f"🔴 {ref} 开发新客户" in text
    assert "打电话" not in text  # it was offered the day before


async def test_the_company_may_have_it_for_everybody_and_anybody_may_not(office: Office) -> None:
    office.policy = replace(office.policy, opening_card=True)
    await office.goal(OFFICE, reports=[("2026-11-20", "31")])
    await office.goal(STORE, reports=[("2026-11-20", "31")])
    await says(office, replace(CARDS, wanted=False), OFFICE)

    assert await office.run(JOB, EARLY) == "1 letters"


async def test_where_the_month_is_short_it_is_in_the_digest(office: Office) -> None:
    office.policy = replace(office.policy, opening_card=True, quota=Quota(100, 0, 0))
    await office.goal(OFFICE, reports=[("2026-11-20", "31")])
    await office.database.transact(lambda session: usage.spend(session, "dingtalk", "2026-11", "calls", 70))
    await office.run(JOB, EARLY)

    await office.wind("2026-11-24 09:00")
    assert await office.states() == ["folded"]
    await office.run("digest", "2026-11-24 10:15")
    await office.wind("2026-11-24 10:15")

    assert "都在「我的待办」里" in office.texts()[-1]


async def test_how_many_looked_is_counted(office: Office) -> None:
    card = next(card for _, card in cards())
    for number, ref in enumerate((OFFICE, STORE, "E0103")):

        async def send(session: Session, ref: str = ref, number: int = number) -> None:
            who = (await person(session, ref)).id
            letter = Letter(
                who, card, f"o{number}", Urgency.REPORT, mark=Mark(openings.KEY, "", openings.CARD)
            )
            made = await letters.post(session, letter, office.now)
            assert made is not None
            await session.run("UPDATE letters SET state = 'sent', sent_at = ? WHERE id = ?", office.now, made)
            if number == 0:
                await letters.redrawn(session, made, card, touched=office.now)
            if number == 1:
                later = office.now + timedelta(hours=1)
                await letters.post(session, Letter(who, card, "answer:1", Urgency.ANSWER), later)

        await office.database.transact(send)

    since = office.now - timedelta(days=7)
    rate = await office.database.read(lambda session: openings.read_rate(session, since, office.policy.zone))
    assert rate == (3, 2)

"""The last look before a letter goes, and the digest of what was too much."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from chat.answers import Letter, Urgency
from handlers.hearing import LATER
from okr.reminding import Reminder
from storage import absences, letters, rosters, wishes
from storage.database import Database
from storage.rosters import Shift
from storage.session import Session
from storage.wishes import EVERYTHING, Wish
from tests.cards.faces import cards
from tests.scheduler.reminders.stage import OFFICE, STORE, Office, at
from tests.storage.company import person

JOB = "progress_warning"
TUESDAY = "2026-11-24 10:30"
CARD = next(card for _, card in cards())


@pytest.fixture
async def office(staffed: Database) -> Office:
    return Office(staffed, at(TUESDAY))


async def lagging(office: Office, owner: str = OFFICE, count: int = 1) -> list[str]:
    """So many key results that are 20 points behind."""
    refs = [await office.goal(owner, reports=[("2026-11-20", "40")], title=f"第{n}件") for n in range(count)]
    await office.run(JOB)
    return refs


async def number_of(office: Office, number: str) -> int:
    return (await office.database.read(lambda session: person(session, number))).id


async def wish(office: Office, wanted: Wish, number: str = OFFICE) -> None:
    who = await number_of(office, number)
    await office.database.transact(lambda session: wishes.say(session, who, wanted, office.now))


async def test_above_three_a_day_the_rest_comes_in_one_digest(office: Office) -> None:
    refs = await lagging(office, count=5)

    await office.wind(TUESDAY)
    assert len(office.texts()) == 3
    assert (await office.states()).count("folded") == 2
    assert await office.run("digest", "2026-11-24 16:15") == "1 digests"
    assert await office.run("digest", "2026-11-24 16:20") == "0 digests"
    await office.wind("2026-11-24 16:20")

    digest = office.texts()[-1]
    assert digest.startswith("还有 2 件事,合成一条说")
    assert refs[3] in digest
    assert refs[4] in digest


async def test_what_a_colleague_sends_does_not_count(office: Office) -> None:
    who = await number_of(office, OFFICE)

    async def send(session: Session) -> None:
        for n in range(4):
            await letters.post(session, Letter(who, CARD, f"r{n}", Urgency.DECISION), office.now)

    await office.database.transact(send)
    await lagging(office)
    await office.wind(TUESDAY)

    assert len(office.texts()) == 5


async def test_what_a_colleague_sends_waits_for_the_morning(office: Office) -> None:
    who = await number_of(office, OFFICE)
    await office.database.transact(
        lambda session: letters.post(session, Letter(who, CARD, "r", Urgency.DECISION), office.now)
    )

    await office.wind("2026-11-24 22:30")
    assert office.texts() == []
    await office.wind("2026-11-25 08:00")

    assert len(office.texts()) == 1


@pytest.mark.parametrize(
    "wanted",
    [
        Wish(Reminder.PROGRESS_WARNING, "", wanted=False, until=None),
        Wish(EVERYTHING, "KR1", wanted=False, until=None),
    ],
)
async def test_what_is_switched_off_is_not_sent(office: Office, wanted: Wish) -> None:
    await wish(office, wanted)
    await lagging(office)
    await office.wind(TUESDAY)

    assert office.texts() == []
    assert await office.states() == ["dropped"]


async def test_another_goal_is_still_spoken_of(office: Office) -> None:
    await wish(office, Wish(EVERYTHING, "KR1", wanted=False, until=None))
    await lagging(office, count=2)
    await office.wind(TUESDAY)

    assert len(office.texts()) == 1
    assert "KR2" in office.texts()[0]


async def test_a_snooze_hides_it_for_its_time(office: Office) -> None:
    await wish(office, Wish(Reminder.PROGRESS_WARNING, "KR1", wanted=False, until=office.now + LATER))
    await lagging(office)
    await office.wind(TUESDAY)
    assert office.texts() == []

    await office.wind("2026-11-24 12:30")

    assert len(office.texts()) == 1


async def test_who_is_away_hears_it_when_he_is_back(office: Office) -> None:
    who = await number_of(office, OFFICE)
    await office.database.transact(
        lambda session: absences.say(session, who, date(2026, 11, 24), date(2026, 11, 25), None, office.now)
    )
    await lagging(office)

    await office.wind("2026-11-25 12:00")
    assert office.texts() == []
    await office.wind("2026-11-26 09:00")

    assert len(office.texts()) == 1


async def test_off_shift_nothing_comes(office: Office) -> None:
    who = await number_of(office, STORE)
    begin = datetime.fromisoformat("2026-11-26T14:00:00+08:00")
    shift = Shift(who, date(2026, 11, 26), begin, begin + timedelta(hours=8))
    await office.database.transact(lambda session: rosters.put(session, who, shift.day, [shift], "排班表"))
    await lagging(office, STORE)

    for moment in ("2026-11-24 10:30", "2026-11-25 15:00", "2026-11-26 14:05"):
        await office.wind(moment)
        assert office.texts() == []
    await office.wind("2026-11-26 14:15")

    assert len(office.texts()) == 1


async def test_who_has_left_hears_nothing(office: Office) -> None:
    await lagging(office)
    await office.database.transact(
        lambda session: session.run("UPDATE employees SET active = ? WHERE number = ?", False, OFFICE)
    )

    await office.wind(TUESDAY)

    assert await office.states() == ["dropped"]


async def away(office: Office, first: date, last: date) -> None:
    who = await number_of(office, OFFICE)
    await office.database.transact(lambda session: absences.say(session, who, first, last, None, office.now))


async def test_what_waits_longer_than_a_week_is_not_said_again_beside_it(office: Office) -> None:
    await away(office, date(2026, 11, 24), date(2026, 12, 2))
    [ref] = await lagging(office)
    await office.report(ref, "48")  # not so far behind that it becomes worse meanwhile

    await office.run(JOB, "2026-12-01 10:30")
    await office.wind("2026-12-03 10:00")
    await office.run(JOB, "2026-12-04 09:30")
    await office.wind("2026-12-04 10:00")

    assert len(office.texts()) == 1


async def test_what_became_worse_while_it_waited_is_said_once(office: Office) -> None:
    await away(office, date(2026, 11, 24), date(2026, 12, 2))
    [ref] = await lagging(office)  # 20 points behind: the first level
    await office.report(ref, "35")

    await office.run(JOB, "2026-12-02 09:30")  # more than 25: the second
    await office.wind("2026-12-03 10:00")

    to_manager = "sent"
    assert await office.states() == ["sent", "dropped", to_manager]
    assert "🔴" in office.texts()[0]


async def test_two_weeks_that_waited_together_are_said_once(office: Office) -> None:
    await office.goal(OFFICE)  # it supports nothing
    await away(office, date(2026, 11, 24), date(2026, 12, 9))

    await office.run("alignment_gap", "2026-11-30 09:15")
    await office.run("alignment_gap", "2026-12-07 09:15")
    await office.wind("2026-12-10 10:00")

    rows = await office.database.read(
        lambda session: session.all("SELECT state FROM letters WHERE variant = 'gaps' ORDER BY id")
    )
    assert [row[0] for row in rows] == ["sent", "dropped"]


@pytest.mark.parametrize(
    ("said", "first", "then"),
    [("14:00", 0, 1), ("", 1, 1), ("08:00", 1, 1), ("21:00", 1, 1)],
)
async def test_somebody_has_his_own_time_of_day(office: Office, said: str, first: int, then: int) -> None:
    """21:00 is no time to write to the office: it does not count."""
    await office.goal(OFFICE, reports=[("2026-11-12", "5")])
    who = await office.database.read(lambda session: person(session, OFFICE))
    await office.database.transact(
        lambda session: wishes.say_time(session, who.id, "progress_warning", said, office.now)
    )

    await office.run("progress_warning", "2026-11-24 09:30")
    await office.wind("2026-11-24 09:30")
    own = [text for text in office.texts() if text.startswith("🔴 KR1")]
    assert len(own) == first
    await office.wind("2026-11-24 14:00")

    assert len([text for text in office.texts() if text.startswith("🔴 KR1")]) == then

"""The roster, on both engines: what is said replaces, a day off is known, and nothing is written twice."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from okr.policy import SHANGHAI
from okr.rosters import DayPlan
from storage import rosters
from storage.database import Database
from storage.rosters import TakenIn
from storage.session import Session
from tests.storage.company import employ, person

FRIDAY = date(2026, 11, 27)
SATURDAY = FRIDAY + timedelta(days=1)
SUNDAY = FRIDAY + timedelta(days=2)
DAY, NIGHT = (time(10), time(18, 30)), (time(22), time(6))


async def hired(database: Database) -> int:
    async def work(session: Session) -> int:
        await employ(session)
        return (await person(session, "E0102")).id

    return await database.transact(work)


async def take_in(database: Database, *plans: DayPlan) -> TakenIn:
    return await database.transact(lambda session: rosters.take_in(session, plans, SHANGHAI, "file"))


async def known(database: Database, who: int) -> list[DayPlan]:
    found = await database.read(
        lambda session: rosters.plans(session, [who], FRIDAY, SATURDAY + timedelta(days=7), SHANGHAI)
    )
    return list(found.values())


async def test_a_roster_is_read_back_as_it_was_said_nights_and_days_off_too(database: Database) -> None:
    who = await hired(database)
    said = [DayPlan(who, FRIDAY, (DAY, NIGHT)), DayPlan(who, SATURDAY)]

    assert await take_in(database, *said) == TakenIn(1, 2, 0)
    assert await known(database, who) == said
    assert await take_in(database, *said) == TakenIn(1, 2, 0)
    assert await take_in(database, DayPlan(who, SATURDAY, (DAY,))) == TakenIn(1, 1, 1)
    assert await known(database, who) == [said[0], DayPlan(who, SATURDAY, (DAY,))]


async def test_a_day_off_is_no_shift_but_known(database: Database) -> None:
    who = await hired(database)
    await take_in(database, DayPlan(who, FRIDAY, (NIGHT,)), DayPlan(who, SATURDAY))
    before = datetime(2026, 11, 27, 12, tzinfo=SHANGHAI)

    shifts = await database.read(lambda session: rosters.of(session, who, before))
    last = await database.read(lambda session: rosters.last_day(session, who, FRIDAY))

    assert [(one.starts_at.astimezone(SHANGHAI).hour, one.ends_at - one.starts_at) for one in shifts] == [
        (22, timedelta(hours=8))
    ]
    assert last == SATURDAY
    assert rosters.known_until(last, SHANGHAI) == datetime(2026, 11, 29, tzinfo=SHANGHAI)


async def test_who_is_not_on_the_roster_of_the_store_that_day_is_off(database: Database) -> None:
    """李四 worked on Friday, 张三 of the same store works on Sunday: of 李四's Sunday is known that it is free."""
    who = await hired(database)
    other = (await database.read(lambda session: person(session, "E0103"))).id
    await take_in(database, DayPlan(who, FRIDAY, (DAY,)), DayPlan(other, SUNDAY, (DAY,)))

    assert await database.read(lambda session: rosters.last_day(session, who, SATURDAY)) == SUNDAY
    assert await database.read(lambda session: rosters.last_day(session, other, SATURDAY)) == SUNDAY


async def test_what_is_forgotten_is_unknown(database: Database) -> None:
    who = await hired(database)
    await take_in(database, DayPlan(who, FRIDAY, (DAY,)))

    assert await database.transact(lambda session: rosters.forget(session, who, FRIDAY))
    assert not await database.transact(lambda session: rosters.forget(session, who, FRIDAY))
    assert await known(database, who) == []
    assert await database.read(lambda session: rosters.last_day(session, who, FRIDAY)) is None

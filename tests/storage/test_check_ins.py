"""The history of key results: added to, never changed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from okr.objectives import KeyResult, Reading
from storage import check_ins, objectives
from storage.check_ins import CheckIn, Entry
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, employ, goal, person

DAY = timedelta(days=1)


async def kr_of(session: Session, kr_id: int, *, lock: bool = False) -> KeyResult:
    whole = await objectives.with_key_result(session, kr_id, lock=lock)
    assert whole is not None
    return next(kr for kr in whole.key_results if kr.id == kr_id)


async def start(session: Session) -> Entry:
    """A goal of 李四's, and an entry of hers that speaks of now; change what differs."""
    await employ(session)
    _, kr_id = await goal(session)
    author_id = (await person(session, "E0102")).id
    return Entry(kr_id, NOON, NOON, author_id, "李四", "dingtalk")


async def report(session: Session, entry: Entry, value: str, at: datetime) -> CheckIn:
    entry = replace(entry, value=Decimal(value), on_at=at)
    await check_ins.record_value(session, await kr_of(session, entry.kr_id), entry)
    assert entry.author_id is not None
    kept = await check_ins.latest_by(session, entry.kr_id, entry.author_id)
    assert kept is not None
    return kept


async def test_a_value_is_in_the_history_and_on_the_key_result(database: Database) -> None:
    async def work(session: Session) -> tuple[CheckIn, Reading | None]:
        entry = replace(await start(session), note="促销第一天 🎉")
        kept = await report(session, entry, "1050.5", NOON)
        return kept, (await kr_of(session, entry.kr_id)).reading

    kept, reading = await database.transact(work)

    assert (kept.value, kept.note, kept.on_at, kept.recorded_at, kept.source, kept.platform) == (
        Decimal("1050.5"),
        "促销第一天 🎉",
        NOON,
        NOON,
        "李四",
        "dingtalk",
    )
    assert reading == Reading(Decimal("1050.5"), NOON, "李四")


async def test_what_speaks_of_an_earlier_day_does_not_move_the_present(database: Database) -> None:
    async def work(session: Session) -> tuple[Reading | None, list[Decimal | None]]:
        entry = await start(session)
        await report(session, entry, "1050", NOON)
        await report(session, entry, "1010", NOON - 3 * DAY)
        history = await check_ins.of(session, entry.kr_id, 10)
        return (await kr_of(session, entry.kr_id)).reading, [line.value for line in history]

    reading, values = await database.transact(work)

    assert reading is not None
    assert reading.value == 1050
    assert values == [1050, 1010]


@pytest.mark.parametrize(
    ("days_ago", "value"),
    [(5, None), (4, "1000"), (3, "1000"), (2, "1020"), (1, "1020"), (0, "1050")],
)
async def test_the_value_of_a_past_moment(database: Database, days_ago: int, value: str | None) -> None:
    async def work(session: Session) -> CheckIn | None:
        entry = await start(session)
        for reported, days in (("1050", 0), ("1000", 4), ("1020", 2)):
            await report(session, entry, reported, NOON - days * DAY)
        return await check_ins.latest_value(session, entry.kr_id, NOON - days_ago * DAY)

    found = await database.transact(work)

    assert (found.value if found else None) == (Decimal(value) if value else None)


async def test_of_two_values_for_one_moment_the_later_said_holds(database: Database) -> None:
    async def work(session: Session) -> tuple[CheckIn | None, Reading | None]:
        entry = await start(session)
        await report(session, entry, "1", NOON)
        await report(session, entry, "2", NOON)
        return await check_ins.latest_value(session, entry.kr_id), (await kr_of(session, entry.kr_id)).reading

    found, reading = await database.transact(work)

    assert found is not None
    assert reading is not None
    assert found.value == reading.value == 2


async def test_taking_back_puts_back_what_was_known_before(database: Database) -> None:
    async def work(session: Session) -> list[Decimal | None]:
        entry = await start(session)
        seen: list[Decimal | None] = []
        await report(session, entry, "1000", NOON - DAY)
        for value in ("1050", "1060"):
            await report(session, entry, value, NOON)
        for _ in range(3):
            assert entry.author_id is not None
            newest = await check_ins.latest_by(session, entry.kr_id, entry.author_id)
            assert newest is not None
            await check_ins.take_back(session, newest, replace(entry, takes_back=newest.id))
            seen.append((await kr_of(session, entry.kr_id)).value)
        assert await check_ins.latest_by(session, entry.kr_id, entry.author_id or 0) is None
        return seen

    assert await database.transact(work) == [1050, 1000, None]


async def test_what_was_taken_back_stays_in_the_history_and_is_marked(database: Database) -> None:
    async def work(session: Session) -> tuple[list[tuple[Decimal | None, bool]], int]:
        entry = await start(session)
        await report(session, entry, "1000", NOON)
        newest = await report(session, entry, "9999", NOON)
        await check_ins.take_back(session, newest, replace(entry, takes_back=newest.id))
        lines = await check_ins.of(session, entry.kr_id, 10)
        return [(line.value, line.taken_back) for line in lines], await check_ins.count(session, entry.kr_id)

    assert await database.transact(work) == ([(Decimal(9999), True), (Decimal(1000), False)], 2)


async def test_taking_back_how_sure_one_was(database: Database) -> None:
    async def work(session: Session) -> list[int | None]:
        entry = await start(session)
        seen: list[int | None] = []
        for confidence in (7, 3):
            await check_ins.record(session, replace(entry, confidence=confidence))
            await objectives.set_confidence(session, entry.kr_id, confidence)
        for _ in range(2):
            newest = await check_ins.newest_of(session, entry.author_id or 0, NOON)
            assert newest is not None
            await check_ins.take_back(session, newest, replace(entry, takes_back=newest.id))
            seen.append((await kr_of(session, entry.kr_id)).confidence)
        return seen

    assert await database.transact(work) == [7, None]


async def test_the_history_is_cut_by_length_and_by_moment(database: Database) -> None:
    async def work(session: Session) -> tuple[list[Decimal | None], list[Decimal | None]]:
        entry = await start(session)
        for n in range(5):
            await report(session, entry, f"{n}", NOON + n * DAY)
        newest = await check_ins.of(session, entry.kr_id, 2)
        older = await check_ins.of(session, entry.kr_id, 10, before=NOON + DAY)
        return [line.value for line in newest], [line.value for line in older]

    assert await database.transact(work) == ([Decimal(4), Decimal(3)], [Decimal(1), Decimal(0)])


async def test_the_newest_of_a_person(database: Database) -> None:
    async def work(session: Session) -> list[object]:
        entry = await start(session)
        other = replace(entry, author_id=(await person(session, "E0101")).id, source="王店")
        mine = await report(session, entry, "1050", NOON)
        await report(session, entry, "1060", NOON)
        theirs = await report(session, other, "1070", NOON)
        li, wang = entry.author_id or 0, other.author_id or 0
        newest = await check_ins.newest_of(session, wang, NOON)
        of_value = await check_ins.newest_value_of(session, li, Decimal("1050.0"))
        return [
            newest == theirs,
            of_value == mine,
            await check_ins.newest_value_of(session, li, Decimal(7)),
            await check_ins.newest_of(session, li, NOON + DAY),
        ]

    assert await database.transact(work) == [True, True, None, None]


async def test_two_reports_at_once_are_both_kept_and_the_present_is_the_later(database: Database) -> None:
    """Each reads the key result, decides, and writes: the second must have seen the first."""
    entry = await database.transact(start)

    async def add_one(session: Session) -> None:
        kr = await kr_of(session, entry.kr_id, lock=True)
        value = (kr.value or Decimal(0)) + 1
        await check_ins.record_value(session, kr, replace(entry, value=value))

    await asyncio.gather(*(database.transact(add_one) for _ in range(10)))

    kr = await database.read(lambda session: kr_of(session, entry.kr_id))
    assert kr.value == 10
    assert await database.read(lambda session: check_ins.count(session, entry.kr_id)) == 10


@pytest.mark.parametrize("value", ["0.000001", "-3.5", "123456789012345678.654321", "1E+3"])
async def test_numbers_are_kept_exactly(database: Database, value: str) -> None:
    async def work(session: Session) -> Decimal | None:
        return (await report(session, await start(session), value, NOON)).value

    kept = await database.transact(work)

    assert kept == Decimal(value)
    assert "E" not in str(kept)

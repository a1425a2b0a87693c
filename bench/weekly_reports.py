"""Weekly reports with their pictures, against drawing the same pictures alone; and a ranking of everybody against its SQL.

`python -m bench.weekly_reports URL FILE [--pairs 5] [--people 10000]`. A process of its own, since the ORM keeps
statements of one dialect for a process's life. FILE takes seconds a piece of both sides: of the processor on SQLite, which
does all in this process, so that other work beside it counts little; by the clock on PostgreSQL.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from bench.chain import NOW, TODAY, build, number
from cards.drawing.png import png
from chat.events import Account, ChatKind, Conversation, Message, PlatformName
from config.policy import policy_of
from config.settings import Settings
from handlers.asking import Asking
from handlers.ranking import ranking
from okr.people import Person
from okr.weekly import week_of
from scheduler.reminder import Glance, Nudge
from scheduler.reminders import weekly_report
from storage import cycles, people
from storage.database import Database
from storage.peers import Peers
from storage.session import Session

POLICY = policy_of(Settings())
LETTERS = 150
"""Of one side of a pair."""
_PLACES = (
    "SELECT s.employee_id, e.name, sum(d.total), dense_rank() OVER (ORDER BY sum(d.total) DESC) FROM metric_series s"
    " JOIN metric_days d ON d.series_id = s.id JOIN employees e ON e.id = s.employee_id WHERE s.metric = 'sales'"
    " AND s.unit = '' AND s.employee_id <> 0 AND d.day >= ? AND d.day <= ? GROUP BY s.employee_id, e.name ORDER BY 4, 1"
)
"""The same ranking, as one would ask for it by hand: once as it is, once as it was a week ago."""


async def _letter(session: Session, person: Person, peers: Peers) -> Nudge:
    """What is said to somebody, looked at when it goes, with its picture as a drawing. `peers`: as the postman shares it."""
    subject = f"{person.id}@{week_of(TODAY).name}"
    [nudge] = await weekly_report.WATCH.look(Glance(session, NOW, POLICY, subject, peers))
    return nudge


async def _everybody(session: Session) -> int:
    """All reports in words, as they are posted; stores are told on Monday."""
    monday = NOW + timedelta(days=3) - timedelta(hours=6, minutes=30)
    return len(await weekly_report.WATCH.look(Glance(session, monday, POLICY)))


async def _ranked(session: Session, person: Person) -> None:
    here = Conversation(PlatformName.DINGTALK, "c", ChatKind.PRIVATE)
    message = Message("m", NOW, Account(PlatformName.DINGTALK, "c"), here, text="排名 个人 销售额 本季")
    asking = Asking(message, person, session, POLICY, NOW, rest="个人 销售额 本季")
    answer = await ranking(asking)
    assert answer.files


async def _by_hand(session: Session) -> None:
    cycle = await cycles.running(session, TODAY)
    for last in (TODAY, TODAY - timedelta(days=7)):
        assert await session.all(_PLACES, cycle.start, last)


Clock = Callable[[], float]


async def _timed(doing: Coroutine[Any, Any, object], clock: Clock) -> float:
    start = clock()
    await doing
    return clock() - start


async def measured(database: Database, pairs: int) -> dict[str, float]:
    """Medians of pairs, each side by turns. The first pair is for warming up."""
    names = [number(n) for n in range(1, 10 * LETTERS, 10)]
    some = await database.read(lambda session: people.by_numbers(session, names))
    clock = process_time if database.is_sqlite else perf_counter
    boss = await database.read(lambda session: people.by_number(session, "C"))
    assert boss is not None
    took: dict[str, list[float]] = {"with": [], "alone": [], "words": [], "ranked": [], "by hand": []}
    for pair in range(pairs + 1):
        letters, alone, words = await _letters(database, some, clock)
        rows: list[tuple[str, Callable[[Session], Coroutine[Any, Any, object]]]] = [
            ("ranked", lambda session: _ranked(session, boss)),
            ("by hand", _by_hand),
        ]
        if pair:
            took["with"].append(letters)
            took["alone"].append(alone)
            took["words"].append(words)
        for name, side in rows:
            seconds = await _timed(database.read(side), clock)
            if pair:
                took[name].append(seconds)
    found = {name: median(times) for name, times in took.items()}
    start = clock()
    found["letters"] = await database.read(_everybody)
    found["everybody"] = clock() - start
    return found


async def _letters(database: Database, some: Sequence[Person], clock: Clock) -> tuple[float, float, float]:
    """Seconds for a letter with its picture, for the picture alone, and for the letter alone."""
    drawings: list[str] = []
    peers = Peers()
    words = pictures = 0.0
    for person in some:
        start = clock()
        nudge = await database.read(lambda session, person=person: _letter(session, person, peers))  # type: ignore[misc]
        words += clock() - start
        drawings.append(nudge.files[0].content.decode())
        start = clock()
        png(drawings[-1])
        pictures += clock() - start
    start = clock()
    for drawing in drawings:
        png(drawing)
    alone = clock() - start
    count = len(some)
    return (words + pictures) / count, alone / count, words / count


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--people", type=int, default=10_000)
    told = parser.parse_args()
    async with Database(told.url) as database:
        await database.upgrade()
        await build(database, told.people)
        gc.freeze()  # as the bot does when it has started
        found = await measured(database, told.pairs)
    told.file.write_text(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())

"""我的目标 of somebody with thirty key results, and his rows alone: `python -m bench.my_goals URL FILE [--pairs 5]`.

A process of its own, since the ORM keeps statements of one dialect for a process's life. The database is furnished
by `bench.company`. FILE takes the times in milliseconds: the card from the words to the composed answer, the rows that
it is made of by one raw statement, and the rows read whole as the rules see them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bench.company import employee
from chat.events import Account, ChatKind, Conversation, Message, PlatformName
from handlers.asking import Asking
from handlers.routing import Routing
from okr.objectives import Kind, Measure
from okr.people import Person
from okr.policy import Policy
from storage import check_ins, cycles, objectives, people
from storage.check_ins import Entry
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session

KEY_RESULTS = 30
OF_ONE = 3
"""Key results of one objective."""
TIMES = 40
"""Of one side of a pair."""
_ROWS = (
    "SELECT o.id, o.title, o.state, o.version, k.id, k.title, k.kind, k.unit, k.basis, k.start_value, k.target_value,"
    " k.weight, k.share, k.state, k.due, k.metric, k.value, k.value_at, k.value_source, k.confidence FROM objectives o"
    " JOIN key_results k ON k.objective_id = o.id WHERE o.owner_id = ? AND o.cycle_id = ?"
    " AND o.state IN ('active', 'draft', 'pending') AND k.state <> 'deleted' ORDER BY o.id, k.position, k.id"
)
"""The same rows, as one would read them by hand."""


async def build(session: Session) -> Person:
    """The first employee has thirty key results in all, each reported once."""
    now = datetime.now(UTC)
    person = await people.by_number(session, employee(0).number)
    assert person is not None
    cycle = await cycles.running(session, now.date())
    have = sum(len(one.key_results) for one in await objectives.of_owner(session, person.id, cycle.id))
    for n in range(have, KEY_RESULTS, OF_ONE):
        drafts = [
            Draft(f"第{n + m}个指标", Measure(Kind.NUMBER, "人", start=Decimal(0), target=Decimal(1000)))
            for m in range(OF_ONE)
        ]
        number = await objectives.create(session, person.id, cycle, f"第{n}个方向", drafts, None, now)
        await objectives.activate(session, number, now)
    for objective in await objectives.of_owner(session, person.id, cycle.id):
        for kr in objective.key_results:
            entry = Entry(kr.id, now, now, person.id, person.name, "", value=Decimal(500))
            await check_ins.record_value(session, kr, entry)
    return person


async def _card(session: Session, person: Person, routing: Routing, policy: Policy) -> None:
    now = datetime.now(policy.zone)
    account = Account(PlatformName.DINGTALK, "ding0")
    here = Conversation(PlatformName.DINGTALK, "ding0", ChatKind.PRIVATE)
    message = Message("m", now, account, here, text="我的目标")
    answer = await routing.answer(Asking(message, person, session, policy, now))
    assert answer.card is not None
    assert answer.card.face.lines


async def _timed(doing: Coroutine[Any, Any, object]) -> float:
    start = perf_counter()
    await doing
    return 1000 * (perf_counter() - start)


async def measured(database: Database, person: Person, pairs: int) -> dict[str, float]:
    """Medians of pairs, each side by turns and in a transaction of its own."""
    routing, policy = Routing(), Policy()
    cycle = await database.read(lambda session: cycles.running(session, datetime.now(policy.zone).date()))
    sides: dict[str, Callable[[Session], Coroutine[Any, Any, object]]] = {
        "card": lambda session: _card(session, person, routing, policy),
        "sql": lambda session: session.all(_ROWS, person.id, cycle.id),
        "read": lambda session: objectives.of_owner(session, person.id, cycle.id),
    }
    took: dict[str, list[float]] = {name: [] for name in sides}
    for pair in range(pairs + 1):
        for name, side in sides.items():
            times = [await _timed(database.transact(side)) for _ in range(TIMES)]
            if pair:  # the first is for warming up
                took[name].append(median(times))
    return {name: median(times) for name, times in took.items()}


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--pairs", type=int, default=5)
    told = parser.parse_args()
    async with Database(told.url) as database:
        person = await database.transact(build)
        found = await measured(database, person, told.pairs)
    told.file.write_text(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())

"""A thousand goals to be shown at the board: `python -m bench.board URL FILE`.

A process of its own, since the ORM keeps statements of one dialect for a process's life. The database is furnished by
`bench.company`. FILE takes a one-time link of the first employee, who leads all the others.
"""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from bench.company import PEOPLE, employee
from chat.events import Account, PlatformName
from okr.objectives import Kind, Measure
from storage import board_sessions, check_ins, cycles, objectives, people
from storage.check_ins import Entry
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session

GOALS = 1000
DRAFT = Draft("新会员", Measure(Kind.NUMBER, "人", start=Decimal(0), target=Decimal(1000)))


async def build(session: Session) -> str:
    """Everybody has five objectives in all, each reported once; returns the link."""
    now = datetime.now(UTC)
    cycle = await cycles.running(session, now.date())
    owners = [await people.by_number(session, employee(n).number) for n in range(PEOPLE)]
    for person in owners:
        assert person is not None
        for _ in range(GOALS // PEOPLE - 1):
            number = await objectives.create(session, person.id, cycle, "多一些回头客", [DRAFT], None, now)
            await objectives.activate(session, number, now)
        for objective in await objectives.of_owner(session, person.id, cycle.id):
            for kr in objective.key_results:
                value = Decimal(kr.id * 37 % 1000)
                await check_ins.record_value(
                    session, kr, Entry(kr.id, now, now, person.id, person.name, "", value=value)
                )
    assert owners[0] is not None
    account = Account(PlatformName.DINGTALK, employee(0).dingtalk_id)
    return await board_sessions.make_link(session, owners[0].id, account, "/board", now)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    told = parser.parse_args()
    async with Database(told.url) as database:
        told.file.write_text(f"/board/in/{await database.transact(build)}")


if __name__ == "__main__":
    asyncio.run(main())

"""What it takes to show what people look at in the company of `bench.ingesting`: `python -m bench.looks URL FILE`.

A process of its own, since the ORM keeps statements of one dialect for a process's life. `--furnish` makes the company
instead. FILE takes milliseconds of the processor, medians of a few times, from the words to the composed card and its drawing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

from bench.ingesting import furnish
from chat.events import Account, ChatKind, Conversation, Message, PlatformName
from config.policy import policy_of
from config.settings import Settings
from handlers.asking import Asking
from handlers.routing import Routing
from storage import people
from storage.database import Database
from storage.session import Session

TIMES = 7
LOOKS = (
    ("B0", "排名 门店 销售额 本季"),
    ("B0", "排名 个人 销售额 本季"),
    ("S10", "我排第几"),
    ("B0", "看板 10店"),
    ("R2", "看板 2区"),
    ("S10", "日报 10店"),
    ("S10", "周报"),
    ("B0", "热力图 客流量"),
    ("S10", "我的目标"),
    ("B0", "对比 销售额 按 门店"),
)
"""Who asks, and what."""


async def _look(session: Session, number: str, words: str) -> None:
    policy = policy_of(Settings())
    now = datetime.now(policy.zone)
    person = await people.by_number(session, number)
    assert person is not None
    here = Conversation(PlatformName.DINGTALK, "c", ChatKind.PRIVATE)
    message = Message("m", now, Account(PlatformName.DINGTALK, "c"), here, text=words)
    answer = await Routing().answer(Asking(message, person, session, policy, now))
    assert answer.card is not None
    assert answer.card.face.lines, answer.card.face


async def measured(database: Database) -> dict[str, float]:
    found: dict[str, float] = {}
    for number, words in LOOKS:
        times = []
        for _ in range(TIMES):
            start = process_time()
            await database.look(partial(_look, number=number, words=words))
            times.append(1000 * (process_time() - start))
        found[words] = median(times)
    return found


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--furnish", action="store_true")
    told = parser.parse_args()
    async with Database(told.url) as database:
        if told.furnish:
            await database.upgrade()
            await database.transact(furnish)
        else:
            found = await measured(database)
            told.file.write_text(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())

"""Letters: posted as rows, and brought by the postman: `python -m bench.posting URL FILE --load ADDRESS [--pairs 5]`.

A process of its own, since the ORM keeps statements of one dialect for a process's life. FILE takes letters a second:
posted, bare rows of the same, sent to the load generator (which refuses nothing) each by itself, by a bare client, and
of equal words; and calls a second against a make-believe DingTalk that allows twenty, with how many it refused.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import aiohttp
from pydantic import SecretStr

from bench.company import CLIENT_ID, SECRET, employee
from bot.dingtalk import forms
from bot.dingtalk.gateway import DingTalkPlatform
from bot.dingtalk.pacing import Pacing
from bot.postman import Postman
from chat.answers import Letter, Urgency
from chat.card import Card, Face, dump_card
from chat.events import PlatformName
from config.settings import DingTalk
from okr.policy import Policy
from okr.windows import SendWindow
from sandbox.clock import WoundClock
from sandbox.fake_dingtalk import FakeDingTalk
from scheduler.sending import Sending
from storage import letters, staff
from storage.database import Database
from storage.session import Session

PEOPLE = 500
TOGETHER = 50
"""Letters of one transaction, as reminders post them."""
SIDE_BY_SIDE = 20
"""Calls under way of the bare client, as many as the postman has."""
PACED = 200
"""Letters sent at the platform's own pace: ten seconds."""
ALLOWED = 20
_BARE = (
    "INSERT INTO letters (ref, once, employee_id, platform, user_key, user_id, conversation_id, conversation_kind, route,"
    " card, urgency, state, created_at, next_try, attempts, claimed_by, expires_at, form, numbered, error)"
    " VALUES (?, ?, ?, '', '', '', '', 'private', '', ?, ?, 'sent', ?, ?, 0, '', NULL, '', ?, '')"
)


@dataclass
class Ears:
    """What the platform is given here: a clock. Nobody speaks, and no card has a picture."""

    files: Any = None

    def now(self) -> datetime:
        return datetime.now(UTC)


def _card(words: object) -> Card:
    return Card(
        Face(
            f"KR{words} 到 70% 了",
            lines=("O12 31% → **36%**", "照这势头,季末稳的"),
            hint="回「我的目标」看全部",
        )
    )


async def _hired(session: Session) -> list[int]:
    await staff.take_in(session, [employee(n) for n in range(PEOPLE)], datetime.now(UTC))
    return [row[0] for row in await session.all("SELECT id FROM employees ORDER BY id")]


async def _post(database: Database, people: Sequence[int], run: str, *, equal: bool = False) -> float:
    """Letters a second."""
    start = perf_counter()
    for begin in range(0, len(people), TOGETHER):
        some = people[begin : begin + TOGETHER]

        async def work(session: Session, some: Sequence[int] = some) -> None:
            for one in some:
                card = _card(run if equal else f"{run}{one}")
                letter = Letter(one, card, f"{run}:{one}", Urgency.COLLABORATION)
                await letters.post(session, letter, datetime.now(UTC))

        await database.transact(work)
    return len(people) / (perf_counter() - start)


async def _post_bare(database: Database, people: Sequence[int], run: str) -> float:
    """The same rows with everything in them made beforehand; nobody sends them."""
    now = datetime.now(UTC)
    rows = [
        (letters.ref_of(f"{run}:{one}"), f"{run}:{one}", one, dump_card(_card(one)), 2, now, now, False)
        for one in people
    ]
    start = perf_counter()
    for begin in range(0, len(rows), TOGETHER):

        async def work(session: Session, begin: int = begin) -> None:
            for row in rows[begin : begin + TOGETHER]:
                await session.run(_BARE, *row)

        await database.transact(work)
    return len(rows) / (perf_counter() - start)


def _postman(database: Database, address: str, pacing: Pacing | None) -> tuple[Postman, DingTalkPlatform]:
    settings = DingTalk(
        enabled=True,
        client_id=CLIENT_ID,
        client_secret=SecretStr(SECRET),
        api_base=address,
        oapi_base=address,
    )
    platform = DingTalkPlatform(settings, pacing=pacing)
    platform.listen(Ears())  # type: ignore[arg-type]  # only its clock is asked
    policy = Policy(window=SendWindow(always=True))
    here = {PlatformName.DINGTALK: platform}
    return Postman(database, here, lambda: policy, "bench", lambda: datetime.now(UTC), Sending(())), platform


async def _send(
    database: Database, postman: Postman, people: Sequence[int], run: str, *, equal: bool = False
) -> float:
    """Letters a second, from the claim to the note that they are there."""
    await _post(database, people, run, equal=equal)
    start = perf_counter()
    while await postman.round() or "waiting" in await database.read(letters.tally):
        pass
    return len(people) / (perf_counter() - start)


async def _send_bare(address: str, people: Sequence[int]) -> float:
    """The same bodies by a bare client."""
    bodies = [
        forms.message_body(CLIENT_ID, forms.sample_markdown(_card(one))) | {"userIds": [f"ding{one}"]}
        for one in people
    ]
    waiting = iter(bodies)
    url = f"{address}/v1.0/robot/oToMessages/batchSend"
    async with aiohttp.ClientSession(headers={"x-acs-dingtalk-access-token": "bench"}) as client:

        async def carry() -> None:
            for body in waiting:
                async with client.post(url, json=body) as response:
                    await response.json()

        start = perf_counter()
        await asyncio.gather(*(carry() for _ in range(SIDE_BY_SIDE)))
        return len(bodies) / (perf_counter() - start)


async def paced(database: Database, people: Sequence[int]) -> tuple[float, int]:
    """Calls a second once the first second is over, and how many were refused."""
    fake = FakeDingTalk(WoundClock(), client_id=CLIENT_ID, client_secret=SECRET, qps=ALLOWED)
    for n in range(PEOPLE):
        fake.add_user(f"ding{n}", f"员工{n}")
    await fake.start()
    postman, platform = _postman(database, fake.base_url, None)
    try:
        await _send(database, postman, people[:PACED], "paced")
        times = sorted(bubble.at for bubble in fake.transcript.bubbles)
        refused = sum(bool(request.code) for request in fake.requests)
        # What may go at once at first is followed by a pause: neither belongs to the pace.
        steady = [at for at in times if at - times[0] >= timedelta(seconds=1)]
        return (len(steady) - 1) / (steady[-1] - steady[0]).total_seconds(), refused
    finally:
        await platform.close()
        await fake.stop()


async def measured(database: Database, address: str, pairs: int) -> dict[str, float]:
    people = await database.transact(_hired)
    postman, platform = _postman(database, address, Pacing(10**6, at_once=10**6))
    found: dict[str, list[float]] = {}
    try:
        for number in range(pairs + 1):
            sides = {
                "post": await _post_bare(database, people, f"bare{number}"),
                "sent": await _send(database, postman, people, f"each{number}-"),
                "sent bare": await _send_bare(address, people),
                "equal": await _send(database, postman, people, f"equal{number}", equal=True),
            }
            sides["bare"] = sides.pop("post")
            sides["posted"] = await _post(database, people, f"posted{number}-")
            await database.transact(lambda session: session.run("UPDATE letters SET state = 'sent'"))
            if number:  # the first is a warm-up
                for name, rate in sides.items():
                    found.setdefault(name, []).append(rate)
    finally:
        await platform.close()
    rate, refused = await paced(database, people)
    return {name: median(rates) for name, rates in found.items()} | {"paced": rate, "refused": refused}


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--load", required=True)
    parser.add_argument("--pairs", type=int, default=5)
    told = parser.parse_args()
    async with Database(told.url) as database:
        await database.upgrade()
        found = await measured(database, told.load, told.pairs)
    told.file.write_text(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())

"""Two who decide at the same instant, each at a replica of his own: always exactly one decision.

`OKRBOT_RACES` says how often; `make race` runs the long form.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from random import Random

import pytest

from bot.dispatch import Dispatch
from cards.actions import wire
from chat.card import Card
from chat.events import Account, ChatKind, Click, Conversation, Message, PlatformName
from chat.platform import Heard
from handlers.routing import Routing
from okr.approvals import ApprovalRule, Approver, RequestState
from okr.policy import Policy
from okr.requests import ChangeRequest
from storage import changes, objectives, trail
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, employ, goal, person

RACES = int(os.environ.get("OKRBOT_RACES", "10"))
POLICY = Policy(admins=frozenset({"E0001", "E0002"}), approvals=(ApprovalRule(who=Approver.ADMINS),))
"""Both 陈总 and 林晓 are asked; the first word of one of them is enough."""
CHEN, LIN, LI = (Account(PlatformName.DINGTALK, one) for one in ("dt-chen", "dt-lin", "dt-li"))
NUMBERS = {CHEN: "E0001", LIN: "E0002", LI: "E0102"}


@dataclass
class Outcome:
    state: RequestState
    lines: list[str]
    told: int
    target: Decimal
    broken: int


@dataclass
class Office:
    """Two replicas over one database, and the goal that is fought about."""

    replicas: tuple[Dispatch, Dispatch]
    database: Database
    kr_id: int = 0
    heard: int = 0

    async def says(self, who: Account, text: str, *, at: int = 0) -> Heard:
        self.heard += 1
        here = Conversation(who.platform, who.user_id, ChatKind.PRIVATE)
        return await self.replicas[at].hear(Message(f"m{self.heard}", NOON, who, here, text=text))

    async def presses(self, who: Account, action: str, card_ref: str, *, at: int) -> Heard:
        self.heard += 1
        here = Conversation(who.platform, who.user_id, ChatKind.PRIVATE)
        pressed = Click(f"c{self.heard}", NOON, who, here, action=wire(action), card_ref=card_ref)
        return await self.replicas[at].hear(pressed)

    async def asks(self, target: int) -> ChangeRequest:
        """李四 asks for another target."""
        await self.says(LI, f"修改 KR{self.kr_id} 目标值 {target} 原因 新店开业")

        async def look(session: Session) -> ChangeRequest:
            li = await person(session, NUMBERS[LI])
            (waiting,) = await changes.waiting_of(session, li.id)
            return waiting

        return await self.database.transact(look)

    async def card_of(self, request: ChangeRequest, who: Account) -> str:
        """The reference of the card that this approver was sent."""

        async def look(session: Session) -> str:
            approver = await person(session, NUMBERS[who])
            row = await session.one(
                "SELECT ref FROM letters WHERE once = ?", f"request:{request.id}:{approver.id}"
            )
            assert row is not None
            return str(row[0])

        return await self.database.transact(look)

    async def outcome(self, request: ChangeRequest) -> Outcome:
        async def look(session: Session) -> Outcome:
            decided = await changes.by_id(session, request.id)
            whole = await objectives.by_id(session, request.objective_id)
            assert decided is not None
            assert whole is not None
            lines = [
                line.action
                for line in await trail.of(session, objective_id=whole.id, limit=200)
                if line.request_id == request.id
            ]
            told = await session.all("SELECT once FROM letters WHERE once LIKE ?", f"decided:{request.id}:%")
            target = whole.key_results[0].measure.target
            assert target is not None
            return Outcome(decided.state, lines, len(told), target, (await trail.verify(session)).broken)

        return await self.database.transact(look)


@asynccontextmanager
async def office(url: str, *, databases: int) -> AsyncIterator[Office]:
    """On SQLite one process has the database, so that both share it."""
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(Database(url)) for _ in range(databases)]
        first, second = (
            Dispatch(one, Routing(), lambda: POLICY, f"replica {n}", lambda: NOON)
            for n, one in enumerate((opened[0], opened[-1]))
        )
        there = Office((first, second), opened[0])

        async def furnish(session: Session) -> int:
            await employ(session)
            return (await goal(session))[1]

        there.kr_id = await there.database.transact(furnish)
        yield there


def words_of(heard: Heard) -> str:
    card: Card | None = heard.redraw or (heard.parcel.card if heard.parcel else None)
    assert card is not None
    return card.face.title


async def race(there: Office, chance: Random, n: int) -> None:
    """One request, and two who decide about it as they like, by a press or in words."""
    request = await there.asks(2000 + n)
    old = (await there.outcome(request)).target
    moves = []
    for at, who in enumerate(chance.sample((CHEN, LIN), 2)):
        if chance.random() < 0.5:
            moves.append(there.presses(who, f"同意 {request.ref}", await there.card_of(request, who), at=at))
        else:
            word = chance.choice((f"同意 {request.ref}", f"驳回 {request.ref} 太高"))
            moves.append(there.says(who, word, at=at))
    answers = [words_of(heard) for heard in await asyncio.gather(*moves)]

    outcome = await there.outcome(request)
    approved = outcome.state is RequestState.APPROVED
    assert outcome.state in (RequestState.APPROVED, RequestState.REJECTED)
    assert outcome.target == (2000 + n if approved else old)
    assert sorted(outcome.lines) == sorted(["申请修改", "修改" if approved else "驳回"])
    assert outcome.told == 1
    assert outcome.broken == 0
    mine, others = ("你批了", "已经批了") if approved else ("你驳回了", "已经驳回了")
    assert sum(mine in answer for answer in answers) == 1, answers
    assert sum(others in answer and "你不用管了" in answer for answer in answers) == 1, answers


@pytest.mark.postgres
async def test_two_replicas_on_postgres(postgres_url: str) -> None:
    chance = Random(42)
    async with office(postgres_url, databases=2) as there:
        for n in range(RACES):
            await race(there, chance, n)


async def test_one_process_on_sqlite(sqlite_url: str) -> None:
    chance = Random(42)
    async with office(sqlite_url, databases=1) as there:
        for n in range(RACES):
            await race(there, chance, n)

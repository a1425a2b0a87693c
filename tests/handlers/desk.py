"""A company at work, without any wire: who says or presses something, and what comes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from bot.dispatch import Dispatch
from cards.actions import wire
from chat.card import Card, load_card, plain_text
from chat.events import Account, ChatKind, Click, Conversation, Message, PlatformName
from chat.platform import Heard
from handlers.routing import Routing
from okr.objectives import KeyResult, Kind, Measure, Objective
from okr.policy import Policy
from sandbox.cast import CAST
from storage import objectives, people, trail
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session
from tests.storage.company import NOON, employ, goal, person

T = TypeVar("T")
ACCOUNTS = {
    member.number: Account(PlatformName.DINGTALK, member.dingtalk_id)
    if member.dingtalk_id
    else Account(PlatformName.WECOM, member.wecom_id)
    for member in CAST
}
CHEN, LIN, ZHOU, WANG, LI, ZHANG, ZHAO = "E0001", "E0002", "E0003", "E0101", "E0102", "E0103", "E0201"
LOSSES = Draft("损耗率", Measure(Kind.NUMBER, "%", start=Decimal(8), target=Decimal(5)))
TARGET = Decimal(1100)
"""Of what a new goal measures first."""


@dataclass
class Desk:
    database: Database
    policy: Policy
    now: datetime = NOON
    heard: int = 0
    dispatch: Dispatch = field(init=False)

    def __post_init__(self) -> None:
        self.dispatch = Dispatch(self.database, Routing(), lambda: self.policy, "here", lambda: self.now)

    async def says(self, number: str, text: str) -> str:
        """What somebody of the cast is answered, all of it."""
        return words(await self.dispatch.hear(self.message(number, text)))

    async def says_without_picture(self, number: str, text: str) -> str:
        """What somebody is answered where no picture can be shown."""
        heard = await self.dispatch.hear(self.message(number, text))
        assert heard.parcel is not None
        return face(heard.parcel.card.without_picture())

    def message(self, number: str, text: str) -> Message:
        self.heard += 1
        who = ACCOUNTS[number]
        here = Conversation(who.platform, who.user_id, ChatKind.PRIVATE)
        return Message(f"m{self.heard}", self.now, who, here, text=text)

    def click(self, number: str, action: str, card_ref: str) -> Click:
        self.heard += 1
        who = ACCOUNTS[number]
        here = Conversation(who.platform, who.user_id, ChatKind.PRIVATE)
        return Click(f"c{self.heard}", self.now, who, here, action=wire(action), card_ref=card_ref)

    async def presses(self, number: str, action: str, card_ref: str) -> str:
        return words(await self.dispatch.hear(self.click(number, action, card_ref)))

    def wind(self, **span: float) -> None:
        self.now += timedelta(**span)

    async def does(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        return await self.database.transact(work)

    async def objective(self, objective_id: int) -> Objective:
        found = await self.does(lambda session: objectives.by_id(session, objective_id))
        assert found is not None
        return found

    async def key_result(self, kr_id: int) -> KeyResult:
        whole = await self.does(lambda session: objectives.with_key_result(session, kr_id))
        assert whole is not None
        return next(kr for kr in whole.key_results if kr.id == kr_id)

    async def target(self, kr_id: int) -> Decimal | None:
        return (await self.key_result(kr_id)).measure.target

    async def letters_to(self, number: str) -> list[tuple[str, str]]:
        """What was written to somebody who did not ask: the card's reference and its words, the oldest first."""

        async def look(session: Session) -> list[tuple[str, str]]:
            receiver = await person(session, number)
            rows = await session.all(
                "SELECT ref, card FROM letters WHERE employee_id = ? AND once NOT LIKE 'answer:%' ORDER BY id",
                receiver.id,
            )
            return [(row[0], face(load_card(row[1]))) for row in rows]

        return await self.does(look)

    async def trail_of(self, objective_id: int) -> list[str]:
        """The actions on record, the oldest first."""

        async def look(session: Session) -> list[str]:
            return [line.action for line in await trail.of(session, objective_id=objective_id, limit=100)]

        return (await self.does(look))[::-1]

    async def new_goal(self, *drafts: Draft, owner: str = "E0102") -> tuple[int, int]:
        """An objective in force and its first key result."""
        return await self.does(lambda session: goal(session, *drafts, owner=owner))

    async def leaves(self, number: str) -> None:
        async def go(session: Session) -> None:
            found = await people.by_number(session, number)
            assert found is not None
            await session.run("UPDATE employees SET active = ? WHERE id = ?", False, found.id)

        await self.does(go)


@asynccontextmanager
async def desk(database: Database, policy: Policy | None = None) -> AsyncIterator[Desk]:
    await database.transact(employ)
    yield at_desk(database, policy)


def at_desk(staffed: Database, policy: Policy | None = None) -> Desk:
    """Where the cast is employed already."""
    return Desk(staffed, policy or Policy(admins=frozenset({"E0001"})))


def words(heard: Heard) -> str:
    card = heard.parcel.card if heard.parcel else heard.redraw
    assert card is not None, "nothing is said"
    return face(card)


def face(card: Card) -> str:
    return plain_text(card.face, numbered=False)

"""A postman with platforms of paper, for tests of what leaves."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.postman import Postman
from cards.notices import notice
from chat.answers import Letter, Urgency
from chat.card import Card, Face
from chat.errors import DeliveryFailed
from chat.events import Account, Conversation, PlatformName
from chat.platform import Ears, Parcel, Receipt
from okr.policy import Policy
from okr.windows import SendWindow
from scheduler.sending import Sending
from storage import letters, outbox
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, person

DINGTALK, WECOM = PlatformName.DINGTALK, PlatformName.WECOM
CARD = notice("never_mind")
LI = "E0102"
"""Has an account on both platforms and prefers DingTalk."""
ONLY_WECOM = "E0202"
SHOWN = Receipt("text", buttons=False)


def saying(words: object) -> Card:
    return Card(Face(str(words)))


def at_any_hour() -> Policy:
    """When people may be written to is not asked here (tests/scheduler/test_sending.py)."""
    return Policy(window=SendWindow(always=True))


@dataclass
class PaperPlatform:
    """Takes every parcel, unless `outcomes` has something else for the next ones."""

    name: PlatformName
    outcomes: deque[Exception | Receipt] = field(default_factory=deque)
    taken: list[Parcel] = field(default_factory=list)
    most: int = 1
    """People of one call."""
    together: list[list[int]] = field(default_factory=list)
    """The letters that went in one call."""
    refused: dict[Account | None, DeliveryFailed] = field(default_factory=dict)
    """Of those it is to bring something in a call with others."""

    async def deliver(self, parcel: Parcel) -> Receipt:
        outcome = self.outcomes.popleft() if self.outcomes else SHOWN
        await asyncio.sleep(0)
        if isinstance(outcome, Exception):
            raise outcome
        self.taken.append(parcel)
        return outcome

    def at_once(self, card: Card) -> int:
        del card
        return self.most

    async def deliver_alike(self, parcels: Sequence[Parcel]) -> Mapping[int, Receipt | DeliveryFailed]:
        outcome = self.outcomes.popleft() if self.outcomes else SHOWN
        await asyncio.sleep(0)
        if isinstance(outcome, Exception):
            raise outcome
        self.together.append([parcel.id for parcel in parcels])
        refused = {parcel.id: self.refused[parcel.to] for parcel in parcels if parcel.to in self.refused}
        self.taken += [parcel for parcel in parcels if parcel.id not in refused]
        shown = {parcel.id: replace(outcome, calls=int(parcel is parcels[0])) for parcel in parcels}
        return shown | refused

    def listen(self, ears: Ears) -> None:
        raise NotImplementedError

    async def run(self, ears: Ears) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

    def state(self) -> Mapping[str, str]:
        return {}


@dataclass
class Mail:
    """A postman with both platforms on one database."""

    database: Database
    now: datetime = NOON
    holder: str = "here"
    dingtalk: PaperPlatform = field(default_factory=lambda: PaperPlatform(DINGTALK))
    wecom: PaperPlatform = field(default_factory=lambda: PaperPlatform(WECOM))

    def __post_init__(self) -> None:
        platforms = {DINGTALK: self.dingtalk, WECOM: self.wecom}
        self.postman = Postman(
            self.database, platforms, at_any_hour, self.holder, lambda: self.now, Sending(())
        )

    async def post(self, to: str | Account | Conversation = LI, once: str = "once", **letter: Any) -> int:
        async def work(session: Session) -> int:
            receiver = (await person(session, to)).id if isinstance(to, str) else to
            urgency = letter.pop("urgency", Urgency.WARNING)
            card = letter.pop("card", CARD)
            posted = await letters.post(session, Letter(receiver, card, once, urgency, **letter), self.now)
            assert posted is not None
            return posted

        return await self.database.transact(work)

    async def row(self, letter_id: int) -> dict[str, Any]:
        async def look(session: Session) -> dict[str, Any]:
            waiting = [listed.next_try for listed in await outbox.listed(session, ("waiting",))]
            [one] = await session.all("SELECT state, error, attempts FROM letters WHERE id = ?", letter_id)
            return {
                "state": one[0],
                "error": one[1],
                "attempts": one[2],
                "due": min(waiting, default=None),
            }

        return await self.database.read(look)

"""One chat platform, both ways, as the rest of the house sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chat.card import Card
from chat.directory import Change
from chat.errors import DeliveryFailed
from chat.events import Account, Click, Conversation, Message, Opened, PlatformName
from chat.files import Files


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter on its way: the row's id, the card, and where it goes.

    `conversation` and `route` are given where it answers something (the gateway tries the way the message
    came before any API); `to` where a person is written to who did not just ask. `ref` is our own stable
    reference of the card on the platform (DingTalk `outTrackId`, WeCom `task_id`): `[0-9a-z-]`, the same at
    every attempt, so that the platform itself refuses a second copy. A route with `redraws` is no message: the
    card of that reference, which `to` was sent before, gets this face (`storage.redraws`).
    """

    id: int
    ref: str
    card: Card
    platform: PlatformName
    at: datetime
    to: Account | None = None
    conversation: Conversation | None = None
    route: Mapping[str, str] = field(default_factory=dict)
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Receipt:
    """`buttons` says whether the person sees real buttons; without them the choices were numbered."""

    form: str
    buttons: bool
    calls: int = 1
    """How many calls of the platform's quota it took."""
    handle: str = ""
    """By which the platform lets the card be changed later, where it gives one."""
    rest: Card | None = None
    """What there was no room for in this message, and goes as the next one."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of an event, after it is committed.

    `parcel` is the answer to be shown now. `redraw` is the pressed card's new face, for the platform's
    acknowledgement. `repeat` tells that the event had been heard before: nothing was done again, and the
    stored `parcel` and `redraw` are given once more for platforms that repeat because they missed the answer.
    """

    parcel: Parcel | None = None
    redraw: Card | None = None
    repeat: bool = False
    posted: bool = False
    """Whether letters were posted that wait for the postman."""


class Ears(Protocol):
    """What a gateway is given to be heard with."""

    async def hear(self, event: Message | Click | Opened) -> Heard:
        """Do what the event asks, durably. Returns after the commit; raises only if nothing was done."""

    async def deliver(self, parcel: Parcel) -> None:
        """Try to deliver now; what fails stays a row and is tried again later. Never raises."""

    async def delivered(self, parcel: Parcel, receipt: Receipt) -> None:
        """Record that the gateway has itself shown this parcel, for example in a passive reply."""

    async def not_heard(self, account: Account) -> None:
        """Somebody said something that the platform kept back: the month's pushes are used up. Never raises."""

    async def changed(self, changes: Sequence[Change]) -> None:
        """The directory is not as it was. Returns once it is remembered; raises where it is not."""

    def now(self) -> datetime:
        """The edge's clock, an aware UTC time."""

    @property
    def files(self) -> Files:
        """The pictures and files that cards refer to."""


class Platform(Protocol):
    """A chat platform: owns its connections, reads its wire, and delivers parcels."""

    @property
    def name(self) -> PlatformName: ...

    def listen(self, ears: Ears) -> None:
        """Be ready to be called: every replica does this, whoever holds the connections."""

    async def run(self, ears: Ears) -> None:
        """Hold the connections until cancelled. A cancel closes them cleanly and lets work under way finish."""

    async def close(self) -> None:
        """Give back what is held beside the connections, whether `run` was ever called or not."""

    async def deliver(self, parcel: Parcel) -> Receipt:
        """Show a parcel. Raises Unreachable or Rejected, nothing else."""

    def at_once(self, card: Card) -> int:
        """How many people one call may bring this content in their private chats; 1 where each needs his own."""

    async def deliver_alike(self, parcels: Sequence[Parcel]) -> Mapping[int, Receipt | DeliveryFailed]:
        """Show equal content to so many people in one call, and tell of each parcel's id what came of it.

        Raises Unreachable or Rejected where the call itself failed: then nobody has it, or nobody knows who has.
        """

    def state(self) -> Mapping[str, str]:
        """Each part and its state, `ok` where it is connected, for `/readyz`."""

"""A company's directory on a platform, in the house's words: units, their people, and who leads whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from chat.errors import Rejected
from chat.events import Account, PlatformName


@dataclass(frozen=True, slots=True)
class Unit:
    """A department. `parent` is empty for one that nothing visible stands above; `name` where it is hidden."""

    key: str
    name: str
    parent: str = ""
    heads: frozenset[str] | None = field(default=None, compare=False)
    """The user ids of those who lead it, where the unit was asked for by itself and says so."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the directory. What the platform hides or nobody filled in is empty.

    `units`: the main one first. `leads`: the units whose head this is. `manager`: the user id of the direct superior, empty
    where the directory names none, None where it has not been asked (`Directory.pull`).
    """

    user_id: str
    name: str = ""
    number: str = ""
    mobile: str = ""
    title: str = ""
    joined_on: date | None = None
    units: tuple[str, ...] = ()
    leads: frozenset[str] = frozenset()
    manager: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything that one pull has seen, which is all there is or an exception."""

    units: Mapping[str, Unit]
    members: Mapping[str, Member]
    """By `Account.key`."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a first look shows; `hides`: what of its people the platform keeps back, in Chinese."""

    unit: str
    people: int
    hides: tuple[str, ...] = ()


class Hidden(Rejected):
    """The platform does not let us see this; whether it is there nobody knows."""


class ChangeKind(StrEnum):
    PERSON = "person"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Change:
    """Something about a person or a unit is not as it was. What it is now is asked for, never taken from the event: events
    come twice, late and in any order.
    """

    kind: ChangeKind
    platform: PlatformName
    key: str
    """The user's id as the event spells it, or the unit's."""
    former: str = ""
    """The id that the user had before, where it was changed."""


Told = Callable[[int], None]
"""Told of so many calls more, for a progress bar."""
Wanted = Callable[[Member], bool]
"""Whether a member's direct superior is worth a call of its own."""


class Directory(Protocol):
    """One platform's. Every method raises Unreachable or Rejected where the platform does not answer whole."""

    @property
    def platform(self) -> PlatformName: ...

    @property
    def calls(self) -> int:
        """How many it has made."""

    @property
    def charged(self) -> bool:
        """Whether they count towards a monthly quota."""

    async def pull(self, wanted: Wanted, told: Told) -> Listing:
        """Everything. A page that is cut short, a unit that does not answer: Unreachable, and nothing has been seen."""

    async def member(self, user_id: str) -> Member | None:
        """One person as of now; None where the platform says that there is nobody. Raises Hidden."""

    async def unit(self, key: str) -> Unit | None:
        """One unit as of now; None where the platform says that there is none. Raises Hidden."""

    async def trial(self) -> Sample:
        """Whether a pull would be answered, and what it would not show, at the price of a few calls."""

    async def close(self) -> None: ...


def key_of(platform: PlatformName, user_id: str) -> str:
    """A user id as it is compared."""
    return Account(platform, user_id).key


def hidden_of(members: Sequence[Member]) -> tuple[str, ...]:
    """What none of these people shows."""
    facts = {"姓名": "name", "手机号": "mobile", "工号": "number"}
    return tuple(
        called
        for called, field_ in facts.items()
        if members and not any(getattr(one, field_) for one in members)
    )

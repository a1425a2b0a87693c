"""What the fake platform knows: people, groups, what stands in the chats, and what was asked of it."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import WoundClock
from sandbox.transcript import BOT, Bubble, Transcript

WECOM = "wecom"


@dataclass(frozen=True, slots=True)
class Person:
    user_id: str
    name: str
    department: int = 1
    leader: str = ""
    """The user id of the direct leader."""
    number: str = ""
    """Among the extended attributes."""
    joined: str = ""
    """Another of them."""
    mobile: str = ""
    position: str = ""
    also: tuple[int, ...] = ()
    """Further departments."""
    leads: tuple[int, ...] = ()
    """The departments whose head this is."""
    status: int = 1
    """1 active, 2 disabled, 4 not activated, 5 left."""

    @property
    def departments(self) -> tuple[int, ...]:
        return (self.department, *self.also)


@dataclass(frozen=True, slots=True)
class Group:
    chat_id: str
    title: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One thing the bot asked: an endpoint's path or a frame's cmd, its body, and the code it got."""

    name: str
    body: Any
    errcode: int


@dataclass(slots=True)
class Patience:
    """Real seconds that the platform waits."""

    reply: float = 5.0
    verify: float = 1.0
    update: float = 5.0
    poll: float = 0.2
    retry: float = 0.0
    """Between a callback that failed and the next attempt."""


@dataclass(slots=True)
class Faults:
    """What goes wrong next. Numbers count down as they happen."""

    next_errors: deque[int] = field(default_factory=deque)
    """Codes for the next API calls, other than gettoken."""
    next_robot_errors: deque[int] = field(default_factory=deque)
    """Codes for the next commands on the robot's socket."""
    slow: float = 0.0
    """Seconds before every answer of the API and every ack."""
    drop: int = 0
    """API calls whose connection breaks instead of an answer."""
    untrusted_ip: bool = False
    mute: bool = False
    """The socket acknowledges nothing, not even pings."""
    lose_replies: int = 0
    """Callbacks whose answer the platform does not get: it sends them again."""
    twice: bool = False
    """Every callback comes twice."""
    other_case: bool = False
    """Callbacks spell user ids with upper and lower case swapped."""
    quotas: bool = True
    """Whether the limits per minute and hour hold."""
    group_cards: bool = True
    """Whether the robot may push a card into a group."""
    late_files: bool = False
    """Whoever fetches a file that somebody sent comes after its address has run out."""
    unlicensed: set[str] = field(default_factory=set)


class Quota:
    """So many in a minute and so many in an hour, for each key."""

    def __init__(self, minute: int, hour: int) -> None:
        self._minute = minute
        self._hour = hour
        self._times: dict[str, deque[datetime]] = {}

    def take(self, key: str, now: datetime) -> bool:
        times = self._times.setdefault(key, deque())
        while times and now - times[0] >= timedelta(hours=1):
            times.popleft()
        # A clock that was wound back leaves times that are still to come.
        last_minute = sum(timedelta(0) <= now - time < timedelta(minutes=1) for time in times)
        if len(times) >= self._hour or last_minute >= self._minute:
            return False
        times.append(now)
        return True


class World:
    def __init__(self, clock: WoundClock) -> None:
        self.clock = clock
        self.transcript = Transcript()
        self.faults = Faults()
        self.patience = Patience()
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        """What the bot answered that the platform silently throws away; empty for a good bot."""
        self.groups: dict[str, Group] = {}
        self._people: dict[str, Person] = {}
        self._numbers = itertools.count(1)

    def add_person(self, person: Person) -> None:
        self._people[person.user_id.lower()] = person

    def remove_person(self, user_id: str) -> None:
        del self._people[user_id.lower()]

    def person(self, user_id: str) -> Person | None:
        """Ids ignore case."""
        return self._people.get(user_id.lower())

    def people(self) -> list[Person]:
        return list(self._people.values())

    def spelled(self, user_id: str) -> str:
        """The user's id as the next callback spells it."""
        person = self.person(user_id)
        known = person.user_id if person else user_id
        return known.swapcase() if self.faults.other_case else known

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers)}"

    def from_bot(self, conversation_id: str, **drawn: Any) -> Bubble:
        return self._bubble(conversation_id, BOT, **drawn)

    def from_person(self, conversation_id: str, user_id: str, **drawn: Any) -> Bubble:
        return self._bubble(conversation_id, user_id, **drawn)

    def _bubble(self, conversation_id: str, author: str, **drawn: Any) -> Bubble:
        return self.transcript.add(
            Bubble(
                id=self.new_id("wx-"),
                platform=WECOM,
                conversation_id=conversation_id,
                author=author,
                at=self.clock.now(),
                **drawn,
            )
        )


def answered(code: int = 0, **more: Any) -> dict[str, Any]:
    """The platform's answer. Nobody should read the words of an error: they carry addresses and links."""
    if code == 0:
        return {"errcode": 0, "errmsg": "ok", **more}
    words = f"refused, hint: [1700000000], from ip: 127.0.0.1, more info at https://example.invalid/?e={code}"
    return {"errcode": code, "errmsg": words, **more}

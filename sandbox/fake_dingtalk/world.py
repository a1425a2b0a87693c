"""What the fake platform knows: people, groups, what stands in the chats, and what was asked of it."""

from __future__ import annotations

import base64
import itertools
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sandbox.clock import WoundClock
from sandbox.transcript import BOT, Bubble, Transcript

DINGTALK = "dingtalk"
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Person:
    """`in_org` is false for somebody of another company in an external group: they have no userId."""

    user_id: str
    name: str
    in_org: bool = True
    department: int = 1
    manager: str = ""

    @property
    def union_id(self) -> str:
        return f"union-{self.user_id}"

    @property
    def dingtalk_id(self) -> str:
        """The encrypted id that callbacks carry; contact APIs do not take it."""
        return f"$:LWCP_v1:${base64.b64encode(self.user_id.encode()).decode()}"


@dataclass(frozen=True, slots=True)
class Group:
    conversation_id: str
    title: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One call of an API: `POST /v1.0/…`, its body, and how it was answered (`code` is empty for success)."""

    api: str
    body: Any
    status: int
    code: str


@dataclass(slots=True)
class Patience:
    """Real seconds."""

    ack: float = 3.0
    """How long a message waits for its acknowledgement before the platform turns to other things."""
    card: float = 2.0
    """How long a pressed button waits."""
    redelivery: float = 60.0
    """When a message that nobody acknowledged is pushed again."""
    redeliveries: int = 2
    ping: float = 30.0
    silent: float = 10.0
    """Between telling a client to disconnect and closing its connection."""


@dataclass(slots=True)
class Limits:
    """The free edition's, per application and per month of the whole organisation; None is none.

    Whether a session webhook counts as a push is not documented for sure; here it does.
    """

    qps: int | None = 20
    monthly_calls: int | None = 5_000
    monthly_pushes: int | None = 3_000


@dataclass(slots=True)
class Faults:
    """What goes wrong next. Numbers count down as they happen."""

    slow_open: float = 0.0
    """Seconds before a connection is granted."""
    open_statuses: deque[int] = field(default_factory=deque)
    """HTTP statuses that the next openings get."""
    close_on_accept: int = 0
    """Connections that are closed with 1000 right after they were accepted."""
    half_open: bool = False
    """The other side is gone without a word: nothing is sent, nothing is read, pings stay unanswered."""
    twice: bool = False
    """Each push comes twice: the same data, another messageId."""
    lose_acks: int = 0
    """Acknowledgements that get lost on their way."""
    slow: float = 0.0
    """Seconds before every answer of an API."""
    drop: int = 0
    """Calls that are done, but whose connection breaks instead of an answer."""
    refuse: dict[str, deque[tuple[int, str]]] = field(default_factory=dict)
    """By API (`POST /v1.0/…`): HTTP status and code for its next calls. Legacy APIs take the number as code."""
    undeliverable: str = ""
    """The errorMsg with which every card fails inside an outer success."""
    flow_controlled: set[str] = field(default_factory=set)
    click_brings: Literal["both", "id", "params"] = "both"
    """What of a public template's button comes back; not documented."""
    no_space: bool = False
    """Card callbacks bring only the fields of the official table: no spaceType, no spaceId."""


class World:
    def __init__(self, clock: WoundClock, client_id: str, robot_code: str, corp_id: str) -> None:
        self.clock = clock
        self.client_id = client_id
        self.robot_code = robot_code
        self.corp_id = corp_id
        self.bot_id = "$:LWCP_v1:$b0T=="
        self.bot_name = "OKR助手"
        self.transcript = Transcript()
        self.faults = Faults()
        self.patience = Patience()
        self.limits = Limits()
        self.requests: deque[Request] = deque(maxlen=_REMEMBERED)
        self.complaints: list[str] = []
        """What the bot sent that the platform silently throws away; empty for a good bot."""
        self.calls: Counter[str] = Counter()
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.base_url = ""
        self._spent: Counter[tuple[str, str]] = Counter()
        self._numbers = itertools.count(1)

    # --- quota ----------------------------------------------------------------------------------

    def spent(self, what: Literal["calls", "pushes"]) -> int:
        """How much of this month's quota is used up."""
        return self._spent[what, self._month()]

    def spend(self, what: Literal["calls", "pushes"], limit: int | None) -> bool:
        """Take one of this month's quota; false where nothing is left."""
        key = (what, self._month())
        if limit is not None and self._spent[key] >= limit:
            return False
        self._spent[key] += 1
        return True

    def _month(self) -> str:
        return f"{self.clock.now().astimezone(_SHANGHAI):%Y-%m}"

    # --- ids ------------------------------------------------------------------------------------

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers)}"

    def millis(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    def private_id(self, user_id: str) -> str:
        """The conversation of a person with the bot: opaque, and its case matters."""
        return f"cid{base64.b64encode(user_id.encode()).decode()}"

    # --- what stands in the chats -----------------------------------------------------------------

    def from_bot(self, conversation_id: str, **drawn: Any) -> Bubble:
        return self.shown(conversation_id, BOT, **drawn)

    def shown(self, conversation_id: str, author: str, **drawn: Any) -> Bubble:
        return self.transcript.add(
            Bubble(
                id=self.new_id("dt-"),
                platform=DINGTALK,
                conversation_id=conversation_id,
                author=author,
                at=self.clock.now(),
                **drawn,
            )
        )

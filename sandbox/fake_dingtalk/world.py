"""What the fake platform knows: people, groups, what stands in the chats, and what was asked of it."""

from __future__ import annotations

import base64
import itertools
import secrets
from collections import Counter, deque
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sandbox.clock import WoundClock
from sandbox.transcript import BOT, Bubble, Transcript
from sandbox.uploads import Sent

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
    """The user id of the direct manager, as far as somebody maintains it."""
    admin: bool = False
    number: str = ""
    mobile: str = ""
    title: str = ""
    hired: int = 0
    """Milliseconds."""
    also: tuple[int, ...] = ()
    """Further departments."""
    leads: tuple[int, ...] = ()
    """The departments whose head this is."""

    @property
    def departments(self) -> tuple[int, ...]:
        return (self.department, *self.also)

    @property
    def union_id(self) -> str:
        return f"union-{self.user_id}"

    @property
    def dingtalk_id(self) -> str:
        """The encrypted id that callbacks carry; contact APIs do not take it."""
        return f"$:LWCP_v1:${_opaque(self.user_id)}"


@dataclass(frozen=True, slots=True)
class Group:
    conversation_id: str
    title: str
    members: tuple[str, ...]
    has_bot: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """One call of an API, its decoded body, and how it was answered; `code` is empty for success."""

    method: str
    path: str
    body: Any
    status: int
    code: str


@dataclass(slots=True)
class CallFault:
    """The next `times` calls whose path fits `pattern` (as file names do: `*` is anything) go wrong.

    `status` and `code` are answered where `status` is given; legacy APIs want a number as code. `slow` are
    seconds before the answer. `drop` does the call and breaks the connection in place of an answer.
    """

    pattern: str = "*"
    times: int = 1
    status: int = 0
    code: str = "ServiceUnavailable"
    slow: float = 0.0
    drop: bool = False


@dataclass(slots=True)
class Patience:
    """Real seconds."""

    ack: float = 3.0
    """How long a message may wait for its acknowledgement."""
    card: float = 2.0
    """How long a pressed button waits."""
    ping: float = 30.0
    silent: float = 10.0
    """Between telling a client to disconnect and closing its connection."""
    redelivery: float = 15.0
    """When a message that nobody acknowledged is pushed again; undocumented, 15 to 60 were seen."""
    redeliveries: int = 2


@dataclass(slots=True)
class Limits:
    """Per application and API, and per month of the whole organisation; None is none.

    The free edition has 5 000 calls and 3 000 pushes. Whether a session webhook counts as a push is not
    documented for sure; here it does while `webhook_counts`.
    """

    qps: int | None = 20
    monthly_calls: int | None = None
    monthly_pushes: int | None = None
    webhook_counts: bool = True


@dataclass(slots=True)
class Faults:
    """What goes wrong next. Numbers count down as they happen."""

    slow_open: float = 0.0
    """Seconds before a connection is granted."""
    open_statuses: deque[int] = field(default_factory=deque)
    """HTTP statuses that the next openings get."""
    close_on_accept: int = 0
    """Connections that are closed with 1000 right after they were accepted."""
    abort_on_accept: int = 0
    """Connections whose TCP is reset right after they were accepted."""
    half_open: bool = False
    """The other side is gone without a word: nothing is sent, nothing is read, pings stay unanswered."""
    junk_frames: int = 0
    """Pushes before which a frame comes that is no JSON."""
    twice: bool = False
    """Each push comes twice: the same data, another messageId."""
    lose_acks: int = 0
    """Acknowledgements that get lost on their way."""
    calls: list[CallFault] = field(default_factory=list)
    undeliverable: str = ""
    """The errorMsg with which every card fails inside an outer success."""
    flow_controlled: set[str] = field(default_factory=set)
    click_brings: Literal["both", "id", "params"] = "both"
    """What of a public template's button comes back; not documented."""
    no_space: bool = False
    """Card callbacks bring only the fields of the official table: no spaceType, no spaceId."""
    unpublished: bool = False
    """No version of the application is published: callbacks lack senderStaffId and isAdmin."""
    exhausted_fields: tuple[str, str] = ("errCode", "errMsg")
    """How a push beyond the quota names its code and words; other pages say errorCode and errorMessage."""

    def call(self, path: str) -> CallFault | None:
        """The fault of this call, counted down."""
        for fault in self.calls:
            if fault.times > 0 and fnmatchcase(path, fault.pattern):
                fault.times -= 1
                return fault
        return None


class World:
    def __init__(self, clock: WoundClock, client_id: str, robot_code: str, corp_id: str) -> None:
        self.clock = clock
        self.client_id = client_id
        self.robot_code = robot_code
        self.corp_id = corp_id
        self.bot_id = f"$:LWCP_v1:${_opaque('the bot')}"
        self.bot_name = "OKR助手"
        self.transcript = Transcript()
        self.faults = Faults()
        self.patience = Patience()
        self.limits = Limits()
        self.requests: deque[Request] = deque(maxlen=_REMEMBERED)
        self.complaints: list[str] = []
        """What the bot sent that the platform silently throws away; empty for a good bot."""
        self.calls: Counter[str] = Counter()
        """Calls that count towards the quota, by method and path: `POST /v1.0/card/instances`."""
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.base_url = ""
        self.sent: dict[str, Sent] = {}
        """What people have sent, by the code that came with the message."""
        self.carriers: dict[str, list[str]] = {}
        """The bubbles that came with a processQueryKey."""
        self._run = secrets.token_hex(4)
        self._spent: Counter[tuple[str, str]] = Counter()
        self._numbers = itertools.count(1)

    # --- quota ----------------------------------------------------------------------------------

    def spent(self, what: Literal["calls", "pushes"]) -> int:
        """How much of this month's quota is used up."""
        return self._spent[what, self._month()]

    def spend_call(self, api: str) -> bool:
        """Count a call; false where the month's quota leaves none."""
        if not self._spend("calls", self.limits.monthly_calls):
            return False
        self.calls[api] += 1
        return True

    def spend_push(self) -> bool:
        """Count a push, or a post to a session webhook; false where the month's quota leaves none."""
        return self._spend("pushes", self.limits.monthly_pushes)

    def _spend(self, what: Literal["calls", "pushes"], limit: int | None) -> bool:
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
        return f"cid{_opaque(user_id)}"

    def message_id(self, bubble_id: str) -> str:
        """The msgId of what stands in a bubble; no other run of the platform has the same."""
        return f"msg{_opaque(f'{self._run}-{bubble_id}')}"

    def reachable(self, user_id: object) -> bool:
        """Whether the robot may write to this userId."""
        person = self.people.get(user_id) if isinstance(user_id, str) else None
        return person is not None and person.in_org

    # --- what stands in the chats -----------------------------------------------------------------

    def bubble(self, bubble_id: str) -> Bubble:
        """Raises KeyError where there is none."""
        for bubble in reversed(self.transcript.bubbles):
            if bubble.id == bubble_id:
                return bubble
        raise KeyError(bubble_id)

    def from_bot(self, conversation_id: str, *, carrier: str = "", **drawn: Any) -> Bubble:
        """`carrier` is the processQueryKey by which it can be taken back."""
        bubble = self.shown(conversation_id, BOT, **drawn)
        if carrier:
            self.carriers.setdefault(carrier, []).append(bubble.id)
        return bubble

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


def _opaque(text: str) -> str:
    return base64.b64encode(text.encode()).decode()

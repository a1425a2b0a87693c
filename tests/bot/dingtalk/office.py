"""The real platform code against the make-believe DingTalk, with ears that answer whatever a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.dingtalk.gateway import DingTalkPlatform
from bot.dingtalk.pacing import Pacing
from bot.dingtalk.stream import Pace
from chat.card import Button, ButtonStyle, Card, Face
from chat.directory import Change
from chat.errors import DeliveryFailed
from chat.events import Account, ChatKind, Click, Conversation, Message, Opened, PlatformName
from chat.platform import Heard, Parcel, Receipt
from config.settings import DingTalk
from sandbox.clock import WoundClock
from sandbox.fake_dingtalk import FakeDingTalk
from sandbox.transcript import BOT, Bubble
from tests.bot.cupboard import Cupboard

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
GROUP = "cidXiHuDian=="
PATIENCE = 30.0
"""Seconds: what is under way is waited for, however busy the machine."""
QUICK = Pace(
    backoff=0.01, backoff_limit=0.05, stable=PATIENCE, silence=PATIENCE, redraw=PATIENCE, finish=PATIENCE
)
"""Back at once after a failure."""

Event = Message | Click | Opened

PLAIN = Card(Face("KR34 到 70% 了", lines=("O12 31% → **36%**",), hint="可以说:我的目标"))
CHOICE = Card(
    Face(
        "你说的是哪一个?",
        buttons=(Button("KR34 销售额", "say:KR34", "看 KR34"), Button("KR35 新品", "say:KR35", "看 KR35")),
    )
)
LIVE = Card(
    Face(
        "李四想改 KR34 的目标",
        lines=("**1000** → **800**",),
        buttons=(
            Button("同意", "ok:R8", "同意 R8", ButtonStyle.PRIMARY),
            Button("驳回", "no:R8", "驳回 R8", ButtonStyle.DANGER),
        ),
        why="你是他的直属上级",
    ),
    live=True,
)
DONE = Card(Face("你批了 R8", lines=("李四已经知道了",)), live=True)


@dataclass
class Listener:
    """Ears. `answer` says what comes of an event; what was heard before is told from its id."""

    clock: WoundClock
    answer: Callable[[Event], Heard] = lambda _event: Heard()
    held: Callable[[Event], bool] = lambda _event: False
    """What is not heard before `free` is set."""
    free: asyncio.Event = field(default_factory=asyncio.Event)
    holding: int = 0
    broken: int = 0
    """How many times hearing fails from now on."""
    platform: DingTalkPlatform | None = None
    events: list[Event] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    failures: list[DeliveryFailed] = field(default_factory=list)
    known: dict[str, Heard] = field(default_factory=dict)
    files: Cupboard = field(default_factory=Cupboard)
    kept_back: list[Account] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    async def hear(self, event: Event) -> Heard:
        if self.held(event):
            self.holding += 1
            await self.free.wait()
            self.holding -= 1
        if self.broken:
            self.broken -= 1
            raise RuntimeError("the database is away")
        self.events.append(event)
        if event.event_id in self.known:
            return replace(self.known[event.event_id], repeat=True)
        self.known[event.event_id] = heard = self.answer(event)
        return heard

    async def deliver(self, parcel: Parcel) -> None:
        assert self.platform is not None
        try:
            self.receipts.append(receipt := await self.platform.deliver(parcel))
        except DeliveryFailed as failure:
            self.failures.append(failure)
        else:
            if receipt.rest is not None:  # as the postman does
                await self.deliver(replace(parcel, ref=f"{parcel.ref}-rest", card=receipt.rest))

    async def changed(self, changes: Sequence[Change]) -> None:
        if self.broken:
            self.broken -= 1
            raise RuntimeError("the database is away")
        self.changes += changes

    async def not_heard(self, account: Account) -> None:
        self.kept_back.append(account)

    async def delivered(self, parcel: Parcel, receipt: Receipt) -> None:
        """DingTalk has no passive replies."""
        raise AssertionError(parcel, receipt)

    def now(self) -> datetime:
        return self.clock.now()


@dataclass
class Office:
    clock: WoundClock
    fake: FakeDingTalk
    ears: Listener
    platform: DingTalkPlatform
    running: asyncio.Task[None]

    def answers(self, card: Card, *, redraw: Card | None = None, clicked: Card | None = None) -> None:
        """Answer messages with `card`; redraw what is clicked, and say `clicked` after it."""

        def answer(event: Event) -> Heard:
            if isinstance(event, Click):
                return Heard(answer_to(event, clicked) if clicked else None, redraw)
            return Heard(answer_to(event, card))

        self.ears.answer = answer

    def from_bot(self, conversation: str) -> list[Bubble]:
        """`conversation` is a group's id, or the person whose private chat it is."""
        place = conversation if conversation == GROUP else self.fake.private_id(conversation)
        return [bubble for bubble in self.fake.transcript.of(place) if bubble.author == BOT]

    async def shown(self, conversation: str, count: int = 1) -> list[Bubble]:
        """What the bot has said there, once it is that much."""
        await until(lambda: len(self.from_bot(conversation)) >= count)
        return self.from_bot(conversation)

    def called(self, path: str) -> int:
        """How often an API was asked, whatever it answered."""
        return sum(request.path.endswith(path) for request in self.fake.requests)


async def until(check: Callable[[], object], *, within: float = PATIENCE) -> None:
    async with asyncio.timeout(within):
        while not check():
            await asyncio.sleep(0.002)


def answer_to(event: Event, card: Card) -> Parcel:
    return Parcel(
        1,
        f"okr-{len(event.event_id)}-{abs(hash(event.event_id))}",
        card,
        PlatformName.DINGTALK,
        event.at,
        to=event.sender,
        conversation=event.conversation,
        route=event.route,
    )


def letter_to(user_id: str, card: Card, *, ref: str = "okr-7", attempt: int = 1) -> Parcel:
    to = Account(PlatformName.DINGTALK, user_id)
    return Parcel(7, ref, card, PlatformName.DINGTALK, START, to=to, attempt=attempt)


def posted_in_group(card: Card, *, ref: str = "okr-8") -> Parcel:
    place = Conversation(PlatformName.DINGTALK, GROUP, ChatKind.GROUP)
    return Parcel(8, ref, card, PlatformName.DINGTALK, START, conversation=place)


@asynccontextmanager
async def office(
    *,
    pace: Pace = QUICK,
    run: bool = True,
    qps: int | None = None,
    timeout: float = PATIENCE,  # noqa: ASYNC109  # of each of its calls
    **settings: object,
) -> AsyncIterator[Office]:
    clock = WoundClock(START)
    fake = FakeDingTalk(clock, qps=qps)
    for user_id, name in (("dt-li", "李四"), ("dt-wang", "王店")):
        fake.add_user(user_id, name)
    fake.add_user("dt-stranger", "外人", in_org=False)
    fake.add_group(GROUP, "西湖店工作群", ["dt-li", "dt-wang", "dt-stranger"])
    fake.patience.ack = fake.patience.card = fake.patience.silent = fake.patience.redelivery = PATIENCE
    await fake.start()
    raw = {
        "enabled": True,
        "client_id": fake.client_id,
        "client_secret": fake.client_secret,
        "api_base": fake.base_url,
        "oapi_base": fake.base_url,
        **settings,
    }
    platform = DingTalkPlatform(
        DingTalk.model_validate(raw), pace=pace, pacing=Pacing(10_000), timeout=timeout
    )
    ears = Listener(clock, platform=platform)
    platform.listen(ears)
    running = asyncio.create_task(platform.run(ears) if run else asyncio.sleep(0))
    await until(lambda: not run or platform.state()["stream"] == "ok")
    try:
        yield Office(clock, fake, ears, platform, running)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await platform.close()
        await fake.stop()

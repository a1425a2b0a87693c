"""The real platform code against the make-believe WeCom, with ears that answer whatever a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.wecom.platform import WeComPlatform
from bot.wecom.robot_socket import Pace
from chat.card import Button, Card, Face
from chat.directory import Change
from chat.errors import DeliveryFailed
from chat.events import Account, Click, Conversation, Message, Opened, PlatformName
from chat.platform import Heard, Parcel, Receipt
from config.settings import WeCom
from sandbox.clock import WoundClock
from sandbox.fake_wecom import FakeWeCom, Robot
from sandbox.transcript import BOT, Bubble
from tests.bot.cupboard import Cupboard

CORP, AGENT = "ww1436e0e65a779aee", 1000002
TOKEN, KEY = "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo", "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt"
ROBOT_TOKEN, ROBOT_KEY = "robot-token", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
GROUP = "wrBinJiangDian"
QUICK = Pace(ping=60.0, ack=30.0, backoff=0.01, backoff_limit=0.02)
"""Back at once after a failure; what is under way is waited for, however busy the machine."""
SOON_SURE = replace(QUICK, ping=0.1, ack=0.3)
"""For what never comes."""
PATIENCE, AT_ONCE = 30.0, 0.02
"""Seconds for which an answer in the response is in time: for nearly all, and for what is heard slowly."""
SLOW = 5 * AT_ONCE

Event = Message | Click | Opened

PLAIN = Card(Face("KR34 到 70% 了", lines=("O12 31% → **36%**",), hint="可以说:我的目标"))
LIVE = Card(
    Face(
        "李四想改 KR34 的目标",
        buttons=(Button("同意", "ok:R8", "同意 R8"), Button("驳回", "no:R8", "驳回 R8")),
    ),
    live=True,
)
DONE = Card(Face("你批了 R8", lines=("李四已经知道了",)))


@dataclass
class Listener:
    """Ears. `answer` says what comes of an event; what was heard before is told from its id."""

    clock: WoundClock
    answer: Callable[[Event], Heard] = lambda _event: Heard()
    slow: float = 0.0
    broken: int = 0
    """How many times hearing fails from now on."""
    platform: WeComPlatform | None = None
    events: list[Event] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    failures: list[DeliveryFailed] = field(default_factory=list)
    known: dict[str, Heard] = field(default_factory=dict)
    files: Cupboard = field(default_factory=Cupboard)
    kept_back: list[Account] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    async def hear(self, event: Event) -> Heard:
        await asyncio.sleep(self.slow)
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
        assert parcel.id
        self.receipts.append(receipt)

    def now(self) -> datetime:
        return self.clock.now()


@dataclass
class Office:
    clock: WoundClock
    fake: FakeWeCom
    ears: Listener
    platform: WeComPlatform
    url: str

    def answers(self, card: Card, *, redraw: Card | None = None, clicked: Card | None = None) -> None:
        """Answer messages and openings with `card`; redraw what is clicked, and say `clicked` after it."""

        def answer(event: Event) -> Heard:
            if isinstance(event, Click):
                return Heard(parcel_for(event, clicked) if clicked else None, redraw)
            return Heard(parcel_for(event, card))

        self.ears.answer = answer

    @contextmanager
    def robot_unheard(self) -> Iterator[None]:
        """Meanwhile no acknowledgement reaches the robot, which does not wait for one for long."""
        assert self.platform._robot is not None
        socket = self.platform._robot.socket
        self.fake.faults.mute, socket._pace = True, SOON_SURE
        yield
        self.fake.faults.mute, socket._pace = False, QUICK

    def from_bot(self, conversation: str) -> list[Bubble]:
        return [bubble for bubble in self.fake.transcript.of(conversation) if bubble.author == BOT]

    async def shown(self, conversation: str, count: int = 1) -> list[Bubble]:
        """What the bot has said there, once it is that much."""
        await until(lambda: len(self.from_bot(conversation)) >= count)
        return self.from_bot(conversation)


async def until(check: Callable[[], object], *, within: float = PATIENCE) -> None:
    async with asyncio.timeout(within):
        while not check():
            await asyncio.sleep(0.002)


def parcel_for(event: Event, card: Card) -> Parcel:
    ref = "okr-" + str(abs(hash(event.event_id)))
    return Parcel(
        1, ref, card, PlatformName.WECOM, event.at, conversation=event.conversation, route=event.route
    )


def letter_to(user_id: str, card: Card, *, ref: str = "okr-7", attempt: int = 1) -> Parcel:
    to = Account(PlatformName.WECOM, user_id)
    return Parcel(7, ref, card, PlatformName.WECOM, START, to=to, attempt=attempt)


def posted_in(conversation: Conversation, card: Card, *, ref: str = "okr-8") -> Parcel:
    return Parcel(8, ref, card, PlatformName.WECOM, START, conversation=conversation)


@asynccontextmanager
async def office(
    robot: str = "none", *, run: bool = True, pace: Pace = QUICK, patience: float = PATIENCE
) -> AsyncIterator[Office]:
    """`robot` is none, websocket or callback."""
    clock = WoundClock(START)
    console_robot = Robot(bot_id="aib-1", secret="robot-secret", token=ROBOT_TOKEN, aes_key=ROBOT_KEY)
    fake = FakeWeCom(
        clock,
        corp_id=CORP,
        agent_id=AGENT,
        secret="app-secret",
        token=TOKEN,
        aes_key=KEY,
        robot=console_robot,
    )
    fake.patience.reply = fake.patience.update = fake.patience.verify = PATIENCE
    fake.patience.poll = 0.01
    for user_id, name in (("WxLi", "李四"), ("WxWang", "王店")):
        fake.add_user(user_id, name)
    fake.add_group(GROUP, "滨江店工作群", ["WxLi", "WxWang"])
    await fake.start()
    platform = WeComPlatform(settings(fake, robot), pace=pace, patience=patience)
    ears = Listener(clock, platform=platform)
    site = web.Application()
    site.add_routes(platform.routes())
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    fake.app_callback_url = f"{url}/wecom/app"
    if robot == "callback":
        fake.robot_callback_url = f"{url}/wecom/robot"
    running = asyncio.create_task(platform.run(ears) if run else asyncio.sleep(0))
    await until(lambda: not run or set(platform.state().values()) == {"ok"})
    try:
        yield Office(clock, fake, ears, platform, url)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await fake.stop()
        await runner.cleanup()


def settings(fake: FakeWeCom, robot: str) -> WeCom:
    raw: dict[str, object] = {
        "enabled": True,
        "corp_id": CORP,
        "api_base": fake.base_url,
        "app": {"agent_id": AGENT, "secret": "app-secret", "token": TOKEN, "encoding_aes_key": KEY},
    }
    if robot == "websocket":
        raw["robot"] = {"bot_id": "aib-1", "secret": "robot-secret", "ws_url": fake.ws_url}
    if robot == "callback":
        raw["robot"] = {"mode": "callback", "token": ROBOT_TOKEN, "encoding_aes_key": ROBOT_KEY}
    return WeCom.model_validate(raw)


LATER = timedelta(hours=25)

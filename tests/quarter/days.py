"""Wind the clock from hour to hour, let the people live, and kill the bot in the middle of its work where that is asked for."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import yaml

from okr.quota import Quota
from sandbox.clock import WoundClock
from sandbox.fake_dingtalk import FakeDingTalk
from sandbox.fake_wecom import FakeWeCom
from sandbox.stage import COMPANY, platforms, settings_for
from storage.database import Database
from storage.session import Session
from tests.crash.bot_process import HOUSE, readable_settings
from tests.crash.rounds import free_port
from tests.quarter.company import (
    DINGTALK,
    ZONE,
    Company,
    Worker,
    drawn,
    each_day,
    employ,
    report,
    support,
)
from tests.quarter.evidence import Evidence, gathered
from tests.quarter.life import Life

HOURS = tuple(time.fromisoformat(hour) for hour in (
    "07:00", "09:05", "09:35", "10:05", "10:35", "11:10", "14:45", "16:20", "17:05", "19:30", "21:00",
))  # fmt: skip
ROSTERED_AHEAD = 7
"""Days beyond the plan whose shifts are known, as they are in life."""
SPEAK_AT = time(11, 10)
OTHERS = "of others"
"""What other robots call."""
PATIENCE = 600.0
LOOK = 0.02
CLAIM = timedelta(minutes=3)
"""After a kill the clock goes on so far: the claims and leases of the dead have run out then."""
SOON = 0.4
"""Within so many seconds of a winding the bot is killed: its jobs run then."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`kills`: how often a bot dies, over the whole run."""

    people: int
    first: date
    days: int
    seed: int
    replicas: int = 1
    kills: int = 0
    month: Month | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a quarter that began on `since`, of a company on DingTalk alone, under what its edition gives.

    Goals support each other, and were reported on before. `others`: the share that other robots have used up.
    """

    since: date
    quota: Quota
    crew: int
    others: float = 0.2


class Stuck(Exception):
    """Something did not come to its end in time."""


@dataclass
class Bots:
    """So many processes of the bot, on one database, with one clock."""

    config: Sequence[Path]
    winding: Path
    clock: WoundClock
    log: Path
    number: int = 0
    lives: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def start(self, at: int) -> asyncio.subprocess.Process:
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.quarter.bot", str(self.config[at]), str(self.winding),
                cwd=HOUSE, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def write(self) -> None:
        """Tell them the clock's new time; the file is replaced at once so that nobody reads half of it."""
        self.number += 1
        ahead = (self.clock.now() - datetime.now(UTC)).total_seconds()
        fresh = self.winding.with_suffix(".new")
        fresh.write_text(f"{self.number} {ahead}", encoding="utf-8")
        fresh.rename(self.winding)

    async def caught_up(self) -> None:
        """Wait until each of them has done what fell due."""
        await until(lambda: all(self._seen(life) == self.number for life in self.lives), "the jobs")

    def _seen(self, life: asyncio.subprocess.Process) -> int:
        if life.returncode is not None:
            words = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise Stuck(f"a bot ended by itself with {life.returncode}\n{words}")
        note = self.winding.with_name(f"{self.winding.name}.{life.pid}")
        return int(note.read_text(encoding="utf-8") or -1) if note.exists() else -1

    async def kill(self, at: int) -> None:
        life = self.lives[at]
        life.send_signal(signal.SIGKILL)
        await life.wait()
        self.lives[at] = await self.start(at)

    async def away(self) -> None:
        for life in self.lives:
            if life.returncode is None:
                life.kill()
                await life.wait()


async def until(reached: Callable[[], bool | Awaitable[bool]], what: str) -> None:
    """Raises Stuck."""
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                answer = reached()
                if answer if isinstance(answer, bool) else await answer:
                    return
                await asyncio.sleep(LOOK)
    except TimeoutError:
        raise Stuck(f"{what} took more than {PATIENCE:.0f} s") from None


async def live(plan: Plan, database_url: str, folder: Path, tell: Callable[[str], None]) -> Evidence:
    """Live these days and return what happened. Raises Stuck."""
    start = datetime.combine(plan.first, HOURS[0], ZONE)
    clock = WoundClock(start.astimezone(UTC))
    days = each_day(plan.first, plan.days)
    rostered = each_day(plan.first, plan.days + ROSTERED_AHEAD)
    month, chance = plan.month, random.Random(plan.seed)
    workers = drawn(plan.people, chance, month.crew, DINGTALK) if month else drawn(plan.people, chance)
    async with platforms(clock) as (dingtalk, wecom), Database(database_url) as database:
        dingtalk.limits.qps, wecom.faults.quotas = None, False
        for worker in workers:
            (dingtalk if worker.platform == DINGTALK else wecom).add_user(worker.user, worker.name)
        await database.upgrade()
        if month:
            company = await _settled(database, plan, month, workers, dingtalk)
        else:
            company = await database.transact(lambda session: employ(session, workers, rostered, clock.now()))
        bots = _bots(plan, dingtalk, wecom, database_url, folder, clock)
        try:
            await Quarter(plan, company, database, dingtalk, wecom, bots, tell).run(days)
        finally:
            await bots.away()
        return await gathered(database, company, dingtalk, wecom)


async def _settled(
    database: Database, plan: Plan, month: Month, workers: Sequence[Worker], dingtalk: FakeDingTalk
) -> Company:
    """They have been at it since the quarter began, and other robots have had their share of the month."""
    quarter = each_day(month.since, (plan.first - month.since).days + plan.days + ROSTERED_AHEAD)
    began = datetime.combine(month.since, HOURS[0], ZONE)
    last = datetime.combine(plan.first - timedelta(days=3), SPEAK_AT, ZONE)
    passed = Decimal((last.date() - month.since).days) / ((_end_of(month.since) - month.since).days)

    async def work(session: Session) -> Company:
        company = await employ(session, workers, quarter, began)
        await support(session, company, began)
        await report(session, company, lambda worker: min(Decimal(1), worker.pace * passed), last)
        return company

    dingtalk.limits.monthly_calls = month.quota.calls or None
    dingtalk.limits.monthly_pushes = month.quota.pushes or None
    for _ in range(int(month.quota.calls * month.others)):
        dingtalk.world.spend_call(OTHERS)
    for _ in range(int(month.quota.pushes * month.others)):
        dingtalk.world.spend_push()
    return await database.transact(work)


def _end_of(first: date) -> date:
    return date(first.year, (first.month - 1) // 3 * 3 + 3, 31 if first.month > 9 else 30)


def _bots(
    plan: Plan,
    dingtalk: FakeDingTalk,
    wecom: FakeWeCom,
    database_url: str,
    folder: Path,
    clock: WoundClock,
) -> Bots:
    configs = []
    for number in range(plan.replicas):
        settings = settings_for(dingtalk, wecom, database_url, port=free_port())
        settings = settings.model_copy(
            update={"company": settings.company.model_copy(update={"name": COMPANY, "admins": ("E0000",)})}
        )
        if plan.month:
            given = {
                "monthly_api_calls": plan.month.quota.calls,
                "monthly_pushes": plan.month.quota.pushes,
                "reserved_for_others": plan.month.quota.reserved,
            }
            settings = settings.model_copy(update={"dingtalk": settings.dingtalk.model_copy(update=given)})
        if number == 0:
            wecom.app_callback_url = f"http://127.0.0.1:{settings.server.port}/wecom/app"
        config = folder / f"bot{number}.yaml"
        config.write_text(yaml.safe_dump(readable_settings(settings), allow_unicode=True), encoding="utf-8")
        configs.append(config)
    return Bots(configs, folder / "winding", clock, folder / "bot.log")


@dataclass
class Quarter:
    plan: Plan
    company: Company
    database: Database
    dingtalk: FakeDingTalk
    wecom: FakeWeCom
    bots: Bots
    tell: Callable[[str], None]

    async def run(self, days: Sequence[date]) -> None:
        first = self.plan.month.since if self.plan.month else days[0]
        life = Life(
            self.company,
            self.database,
            self._say,
            self.plan.seed,
            first,
            _end_of(first),
            brief=self.plan.month is not None,
        )
        chance = random.Random(f"kills {self.plan.seed}")
        moments = [(day, hour) for day in days for hour in HOURS]
        deadly = set(chance.sample(range(1, len(moments)), min(self.plan.kills, len(moments) - 1)))
        self.bots.write()
        for at in range(self.plan.replicas):
            self.bots.lives.append(await self.bots.start(at))
        await self.bots.caught_up()
        await self._connected()
        for index, (day, hour) in enumerate(moments):
            self._wind(datetime.combine(day, hour, ZONE))
            if index in deadly:
                await self._die(chance)
            await self._settled()
            if hour == SPEAK_AT:
                await life.day(day)
                await self._settled()
            if hour == HOURS[-1] and day.weekday() == 6:
                self.tell(f"{day} is over")

    def _wind(self, moment: datetime) -> None:
        self.bots.clock.set(moment.astimezone(UTC))
        self.bots.write()

    async def _die(self, chance: random.Random) -> None:
        """SIGKILL one of them while it is at work, and let the clock pass what it held."""
        await asyncio.sleep(chance.uniform(0, SOON))
        await self.bots.kill(chance.randrange(len(self.bots.lives)))
        self.bots.clock.wind(CLAIM)
        self.bots.write()
        await self.bots.caught_up()
        await self._connected()

    async def _connected(self) -> None:
        await until(lambda: self.dingtalk.connected > 0, "the connection")

    async def _settled(self) -> None:
        """What fell due is done, and what may go has gone."""
        await self.bots.caught_up()
        await until(self._nothing_waits, "the post")

    async def _nothing_waits(self) -> bool:
        now = self.bots.clock.now()

        async def count(session: Session) -> int:
            row = await session.one(
                "SELECT count(*) FROM letters WHERE state = 'waiting' AND (next_try <= ? OR claimed_by <> '')",
                now,
            )
            return int(row[0]) if row is not None else 0

        return await self.database.read(count) == 0

    async def _say(self, worker: Worker, words: str) -> None:
        if worker.platform == DINGTALK:
            await self.dingtalk.say(worker.user, words)
        else:
            await self.wecom.say(worker.user, words)

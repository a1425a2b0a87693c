"""Start the bot, let people talk to it, kill it, start it again; at the end look at what is there."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.reminders import Ceiling, Reminders
from sandbox.clock import WoundClock
from sandbox.fake_dingtalk import FakeDingTalk
from sandbox.fake_wecom import FakeWeCom
from sandbox.stage import platforms, settings_for
from storage.database import Database
from tests.crash import evidence
from tests.crash.bot_process import BotFailed, BotProcess
from tests.crash.company import employ
from tests.crash.crowd import Crowd
from tests.crash.evidence import Evidence
from tests.crash.ledger import Ledger
from tests.crash.verdict import Verdict, judge

LIVES = (0.2, 1.5)
"""Seconds from being ready to being killed."""
AT_WORK, SOON = 0.5, 0.03
"""The share of kills that come upon somebody's words, and within how many seconds of them."""
STILLBORN = 0.15
"""The share of lives that end before the bot is ready."""
HELD = 0.25
"""On PostgreSQL a dead holder's leases last for seconds: in so many rounds they are waited for."""
PATIENCE = 100.0
"""Seconds for the last life to deliver everything: longer than a dead sender's claim on a letter."""


async def crash(rounds: int, seed: int, database_url: str, folder: Path) -> Verdict:
    """Kill the bot so many times and judge. Raises BotFailed where the bot ended without being killed."""
    clock = WoundClock()
    async with platforms(clock) as (dingtalk, wecom), Database(database_url) as database:
        _be_patient(dingtalk, wecom)
        await database.upgrade()
        writers = await database.transact(lambda session: employ(session, clock.now()))
        settings = settings_for(dingtalk, wecom, database_url, port=free_port())
        settings = settings.model_copy(
            update={"reminders": Reminders(send_window="always", ceiling=Ceiling(day=0, week=0))}
        )
        wecom.app_callback_url = f"http://127.0.0.1:{settings.server.port}/wecom/app"
        chance, ledger = random.Random(seed), Ledger()
        crowd = Crowd(dingtalk, wecom, writers, ledger, chance)
        bot = BotProcess(settings, folder)
        try:
            await Run(bot, crowd, database, chance, clock, ledger.kills).run(rounds)
        except BotFailed as failed:
            raise BotFailed(f"{failed}\n{bot.last_words()}") from None
        finally:
            await bot.away()
        crowd.note_acknowledged_frames()
        return judge(ledger, await _gathered(database, dingtalk, wecom))


@dataclass
class Run:
    """All lives of one bot; the moments of their ends go into `kills`."""

    bot: BotProcess
    crowd: Crowd
    database: Database
    chance: random.Random
    clock: WoundClock
    kills: list[datetime]
    start_takes: float = 0.0
    """Seconds."""

    async def run(self, rounds: int) -> None:
        """Raises BotFailed."""
        began = time.monotonic()
        await self.bot.start()
        await self._connected()
        self.start_takes = time.monotonic() - began
        self.crowd.start()
        for _ in range(rounds):
            await self._live()
            await self.bot.kill()
            self.kills.append(self.clock.now())
            await self.bot.start()
        await self._connected()
        await self.crowd.hush()
        await self._until(self._settled)
        await self.bot.stop()

    async def _live(self) -> None:
        """From the start of a process to the moment of its death."""
        chance = self.chance
        if chance.random() < STILLBORN:
            await asyncio.sleep(chance.uniform(0, self.start_takes))
            return
        await self.bot.ready()
        if self.database.is_sqlite or chance.random() < HELD:
            await self._connected()
        await asyncio.sleep(chance.uniform(*LIVES))
        if chance.random() < AT_WORK:
            await self.crowd.next_words()
            await asyncio.sleep(chance.uniform(0, SOON))

    async def _connected(self) -> None:
        await self.bot.ready()

        async def connected() -> bool:
            return self.crowd.heard

        if not await self._until(connected):
            raise BotFailed(f"not connected within {PATIENCE:.0f} s")

    async def _settled(self) -> bool:
        """Everything repeated has been heard, and everything posted has gone."""
        return not self.crowd.unheard() and await self.database.read(evidence.waiting) == 0

    async def _until(self, reached: Callable[[], Awaitable[bool]]) -> bool:
        """False where that takes too long."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not await reached():
                    self.bot.require_alive()
                    await asyncio.sleep(0.02)
        except TimeoutError:
            return False
        return True


def _be_patient(dingtalk: FakeDingTalk, wecom: FakeWeCom) -> None:
    """Repeats come quickly, so that they meet the bot's next life; the few people may write a lot."""
    dingtalk.patience.ack = 0.3
    dingtalk.patience.redelivery = 1.0
    dingtalk.patience.redeliveries = 60
    dingtalk.limits.qps = None
    wecom.patience.retry = 0.8
    wecom.faults.quotas = False


async def _gathered(database: Database, dingtalk: FakeDingTalk, wecom: FakeWeCom) -> Evidence:
    return Evidence(
        applied=await database.read(evidence.applied),
        posted=await database.read(evidence.posted),
        seen=list(evidence.seen(dingtalk, wecom)),
        values=await database.read(evidence.values),
    )


def free_port() -> int:
    """The same for every life, as behind a callback address that a console knows.

    None of those that the system lends to outgoing connections: between two lives it might lend ours.
    """
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port

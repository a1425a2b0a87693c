"""Start the bot, let people talk to it, kill it, start it again; at the end look at what is there."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

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
STILLBORN = 0.15
"""The share of lives that end before the bot is ready."""
HELD = 0.25
"""On PostgreSQL a dead holder's leases last for seconds: in so many rounds they are waited for."""
PATIENCE = 100.0
"""Seconds for the last life to deliver everything: longer than a dead sender's claim on a letter."""


async def crash(rounds: int, seed: int, database_url: str, folder: Path) -> Verdict:
    """Kill the bot so many times and judge. Raises BotFailed where the bot ended without being killed."""
    clock, chance, ledger = WoundClock(), random.Random(seed), Ledger()
    async with platforms(clock) as (dingtalk, wecom), Database(database_url) as database:
        _be_patient(dingtalk, wecom)
        await database.upgrade()
        writers = await database.transact(lambda session: employ(session, clock.now()))
        settings = settings_for(dingtalk, wecom, database_url, port=_free_port())
        wecom.app_callback_url = f"http://127.0.0.1:{settings.server.port}/wecom/app"
        bot = BotProcess(settings, folder)
        crowd = Crowd(dingtalk, wecom, writers, ledger, chance)
        try:
            started = time.monotonic()
            await bot.start()
            await _connected(bot, dingtalk, wecom)
            takes = time.monotonic() - started
            crowd.start()
            for _ in range(rounds):
                await _live_and_die(bot, chance, takes, database, dingtalk, wecom)
                ledger.kills.append(clock.now())
                await bot.start()
            await _connected(bot, dingtalk, wecom)
            await crowd.hush()
            await _settled(bot, crowd, database)
            await bot.stop()
        except BotFailed as failed:
            raise BotFailed(f"{failed}\n{bot.last_words()}") from None
        finally:
            await bot.away()
        crowd.note_acknowledged_frames()
        return judge(ledger, await _gathered(database, dingtalk, wecom))


def _be_patient(dingtalk: FakeDingTalk, wecom: FakeWeCom) -> None:
    """Repeats come quickly, so that they meet the bot's next life; the few people may write a lot."""
    dingtalk.patience.ack = 0.3
    dingtalk.patience.redelivery = 1.0
    dingtalk.patience.redeliveries = 60
    dingtalk.limits.qps = None
    wecom.patience.retry = 0.8
    wecom.faults.quotas = False


async def _live_and_die(
    bot: BotProcess,
    chance: random.Random,
    takes: float,
    database: Database,
    dingtalk: FakeDingTalk,
    wecom: FakeWeCom,
) -> None:
    """From having been started to the kill; `takes` is how many seconds a start takes."""
    if chance.random() < STILLBORN:
        await asyncio.sleep(chance.uniform(0, takes))
    else:
        await bot.ready()
        if database.is_sqlite or chance.random() < HELD:
            await _connected(bot, dingtalk, wecom)
        await asyncio.sleep(chance.uniform(*LIVES))
    await bot.kill()


async def _connected(bot: BotProcess, dingtalk: FakeDingTalk, wecom: FakeWeCom) -> None:
    await bot.ready()

    async def both() -> bool:
        return dingtalk.stream.connected.is_set() and wecom.robot_server.connected.is_set()

    await _until(both, bot, "connected")


async def _settled(bot: BotProcess, crowd: Crowd, database: Database) -> None:
    """Everything repeated has been heard, and everything posted has gone."""

    async def drained() -> bool:
        return not crowd.unheard() and await database.read(evidence.waiting) == 0

    await _until(drained, bot, "drained")


async def _until(reached: Callable[[], Awaitable[bool]], bot: BotProcess, what: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not await reached():
                bot.require_alive()
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise BotFailed(f"not {what} within {PATIENCE:.0f} s") from None


async def _gathered(database: Database, dingtalk: FakeDingTalk, wecom: FakeWeCom) -> Evidence:
    return Evidence(
        applied=await database.read(evidence.applied),
        posted=await database.read(evidence.posted),
        seen=list(evidence.seen(dingtalk, wecom)),
        values=await database.read(evidence.values),
    )


def _free_port() -> int:
    """The same for every life, as behind a callback address that a console knows."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port

"""The running bot, put together: the only file that knows everyone."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Self

import structlog
from aiohttp import web

from bot.board.platform import BoardPlatform
from bot.board.ways import SignIn
from bot.board.web import Board, board_address
from bot.clock import Clock, system_clock
from bot.company import CompanySettings
from bot.dingtalk.gateway import DingTalkPlatform
from bot.dingtalk.sign_in import DingTalkSignIn
from bot.directories import directories_of
from bot.directory_watch import DirectoryWatch
from bot.dispatch import Dispatch
from bot.files import KeptFiles
from bot.ingest import Ingest
from bot.jobs import jobs_of
from bot.leases import Leases
from bot.postman import Postman
from bot.single import SingleProcess
from bot.sources.pulling import Pulling
from bot.telemetry import Telemetry
from bot.web import make_web
from bot.wecom.platform import WeComPlatform
from bot.wecom.sign_in import WeComSignIn
from cards.notices import notice
from chat.answers import Letter, Urgency
from chat.directory import Change
from chat.events import Account, Click, Message, Opened, PlatformName
from chat.platform import Heard, Parcel, Platform, Receipt
from config.policy import policy_of
from config.settings import Settings
from handlers.board.link import link_for
from handlers.routing import Routing
from okr.policy import Policy
from scheduler import day_opening
from scheduler.jobs import Job
from scheduler.reminders import WATCHES
from scheduler.sending import Sending
from scheduler.timetable import Timetable
from storage import leases, letters, openings
from storage.database import Database
from storage.session import Session

log = structlog.get_logger(__name__)

CHANGES = 1.0
"""Seconds between two looks for settings that were changed at another replica."""
GOODBYE = 8.0
"""Seconds that work under way has when the bot is told to stop."""


class _ToldBefore(Exception):
    """Somebody has been told this already."""


class Application:
    """The bot over one database. Use it with `async with`: inside, it runs. `pages` adds to its web server, `jobs` is what it does unasked."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        clock: Clock = system_clock,
        pages: Callable[[web.Application], None] | None = None,
        jobs: Sequence[Job] | None = None,
    ) -> None:
        self.settings = settings
        self.database = database
        self._runner: web.AppRunner | None = None
        self._company = CompanySettings(settings, database, self._policy_of)
        self._clock = clock
        self._holder = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self.files = KeptFiles(database, clock, lambda: self.settings.server.public_url)
        self.ingest = Ingest(database, self.policy, lambda: self.settings.ingest.tokens, clock)
        self.platforms: Mapping[PlatformName, Platform] = _platforms(settings)
        self.telemetry = Telemetry()
        everywhere = {**self.platforms, PlatformName.BOARD: BoardPlatform()}
        self.postman = Postman(
            database,
            everywhere,
            self.policy,
            self._holder,
            clock,
            Sending(WATCHES, {openings.KEY: day_opening.again}),
        )
        self.board = Board(
            database,
            lambda: self.settings,
            self.policy,
            clock,
            ways=_sign_ins(settings),
            files=self.files,
            hear=self.hear,
            delivered=self.delivered,
        )
        self.timetable = Timetable(
            database, self.policy, clock, jobs_of(lambda: self.settings) if jobs is None else jobs
        )
        self.directory_watch = DirectoryWatch(
            database, lambda: directories_of(self.settings), self.policy, clock, self.postman.wake
        )
        self.pulling = Pulling(database, lambda: self.settings.sources, self.policy, clock, self.postman.wake)
        self.leases = Leases(database, self._holder, clock)
        self._dispatch = Dispatch(database, Routing(), self.policy, self._holder, clock, self._company)
        self._pages = pages
        self._tasks: list[asyncio.Task[None]] = []
        self._single: SingleProcess | None = None

    def policy(self) -> Policy:
        """What the company decided, as it holds at this moment."""
        return self._company.policy

    def settle(self, settings: Settings) -> None:
        """Take new settings into force: what is policy holds from now on, the rest at the next start."""
        self.settings = settings
        self._company.settle(settings)

    def _policy_of(self, settings: Settings) -> Policy:
        listening = self._runner is not None and self._runner.addresses
        port = self.port if listening else settings.server.port
        return replace(policy_of(settings), board=board_address(settings, port))

    # --- Ears: what the gateways hear with ---

    async def hear(self, event: Message | Click | Opened) -> Heard:
        with self.telemetry.heard(event), self.database.precedence.taken():
            heard = await self._dispatch.hear(event)
        if self._company.stale:
            await self._company.refresh()
        if heard.posted:
            self.postman.wake()
        return heard

    async def deliver(self, parcel: Parcel) -> None:
        await self.postman.deliver(parcel)

    async def delivered(self, parcel: Parcel, receipt: Receipt) -> None:
        await self.postman.delivered(parcel, receipt)

    async def not_heard(self, account: Account) -> None:
        """Tell him once a month by the API, which has a quota of its own, with a way to the board, which needs none."""
        now = self._clock()
        month = f"{now.astimezone(self.policy().zone):%Y-%m}"
        once = f"not-heard:{account.platform}:{account.key}:{month}"

        async def tell(session: Session) -> None:
            link = await link_for(session, account, self.policy(), now)
            letter = Letter(account, notice("pushes_used_up", link=link), once, Urgency.ANSWER)
            if await letters.post(session, letter, now) is None:
                raise _ToldBefore  # so that the link is not kept either

        try:
            await self.database.transact(tell)
            self.postman.wake()
        except _ToldBefore:
            return
        except Exception:
            log.exception("not_told", account=account.key)

    async def changed(self, changes: Sequence[Change]) -> None:
        await self.directory_watch.note(changes)

    def now(self) -> datetime:
        return self._clock()

    # --- life ---

    async def __aenter__(self) -> Self:
        await self.database.require_current_schema()
        if self.database.is_sqlite:
            self._single = SingleProcess(self.database.path)
            self._single.take()
            await self.database.transact(self._inherit)
        await self._company.refresh()
        for platform in self.platforms.values():
            platform.listen(self)
        self._start(self.leases.while_held("channels", self._hold_channels))
        self._start(self.leases.while_held("timetable", self.timetable.run))
        self._start(self.leases.while_held("directory-watch", self.directory_watch.run))
        self._start(self.leases.while_held("sources", self.pulling.run))
        self._start(self._follow_changes())
        await self._listen()
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Hear nothing more, finish what is under way, let others take over."""
        await self.board.close()
        if self._runner is not None:
            await self._runner.cleanup()
        for task in self._tasks:
            task.cancel()
        try:
            async with asyncio.timeout(GOODBYE):
                await asyncio.gather(*self._tasks, return_exceptions=True)
        except TimeoutError:
            log.warning("stopped_with_work_under_way")
        for platform in self.platforms.values():
            await platform.close()
        await self.files.close()
        now = self._clock()
        await self.database.transact(lambda session: letters.release(session, now, self._holder))
        await self.leases.let_go()
        if self._single is not None:
            self._single.give_back()

    async def _hold_channels(self) -> None:
        """Hold every connection, and deliver: a letter for a robot's group can only go by the robot's connection."""
        async with asyncio.TaskGroup() as channels:
            for platform in self.platforms.values():
                channels.create_task(platform.run(self))
            channels.create_task(self.postman.run())

    async def _follow_changes(self) -> None:
        """What is changed in chat at another replica holds here, too."""
        while True:
            await asyncio.sleep(CHANGES)
            try:
                await self._company.refresh()
            except Exception:  # the database may be away for a while
                log.exception("settings_not_read")

    async def _inherit(self, session: Session) -> None:
        """Alone on this database: whatever is claimed or held was so by a process that is gone."""
        await letters.release(session, self._clock())
        await leases.clear(session)

    async def wound(self) -> None:
        """The clock has been set: do what fell due, as if it had been waited for."""
        await self.timetable.catch_up()
        self.pulling.wake()
        self.postman.wake()

    @property
    def port(self) -> int:
        """The port the server really has; `server.port: 0` takes a free one."""
        assert self._runner is not None
        address: tuple[str, int] = self._runner.addresses[0]
        return address[1]

    async def _listen(self) -> None:
        routes = [route for platform in self.platforms.values() for route in _routes(platform)]
        app = make_web(
            [*routes, *self.files.routes(), *self.ingest.routes(), *self.board.routes()],
            readiness=self.readiness,
            liveness=self.liveness,
            registry=self.telemetry.registry,
        )
        if self._pages is not None:
            self._pages(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=GOODBYE / 2)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.settings.server.host, self.settings.server.port).start()
        self._company.settle(self.settings)  # with the port that it really has

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    # --- how it is ---

    def liveness(self) -> Mapping[str, str]:
        dead = [task.get_name() for task in self._tasks if task.done()]
        return {"tasks": "ok" if not dead else f"ended: {', '.join(dead)}"}

    async def readiness(self) -> Mapping[str, str]:
        parts = {"database": await self._database_state()}
        for platform in self.platforms.values():
            held = self.leases.states.get("channels", "starting")
            for part, state in platform.state().items():
                # A replica that stands by is ready: another one holds the connection.
                parts[f"{platform.name}.{part}"] = "ok" if held == "held by another replica" else state
        return parts

    async def _database_state(self) -> str:
        try:
            async with asyncio.timeout(3):
                missing = await self.database.missing_migrations()
        except Exception as error:  # noqa: BLE001  # whatever it is, the answer is: not ready
            return f"unreachable: {type(error).__name__}"
        return "ok" if not missing else f"not migrated: {', '.join(missing)}"


def _routes(platform: Platform) -> list[web.RouteDef]:
    return platform.routes() if isinstance(platform, WeComPlatform) else []


def _sign_ins(settings: Settings) -> list[SignIn]:
    ways: list[SignIn] = []
    if settings.dingtalk.enabled:
        ways.append(DingTalkSignIn(settings.dingtalk))
    if settings.wecom.enabled and settings.wecom.app is not None:
        ways.append(WeComSignIn(settings.wecom, settings.wecom.app))
    return ways


def _platforms(settings: Settings) -> dict[PlatformName, Platform]:
    platforms: dict[PlatformName, Platform] = {}
    if settings.dingtalk.enabled:
        platforms[PlatformName.DINGTALK] = DingTalkPlatform(settings.dingtalk)
    if settings.wecom.enabled:
        platforms[PlatformName.WECOM] = WeComPlatform(settings.wecom, page=settings.server.public_url)
    return platforms


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock = system_clock) -> AsyncIterator[Application]:
    """The bot, with its database opened and up to date, until the block ends."""
    async with Database(settings.storage.url) as database:
        await database.upgrade()
        async with Application(settings, database, clock=clock) as application:
            yield application

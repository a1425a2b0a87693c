"""The real bot in front of the make-believe platforms: what the demo shows, the tests drive and the crash run kills."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from bot.application import Application
from config.settings import (
    Company,
    DingTalk,
    Ingest,
    IngestToken,
    Server,
    Settings,
    Storage,
    WeCom,
    WeComApp,
    WeComRobot,
)
from sandbox.board_door import BoardDoor
from sandbox.cast import CAST, OUTSIDER_DINGTALK, OUTSIDER_WECOM, CastMember
from sandbox.chain import WEEKLY
from sandbox.clock import WoundClock
from sandbox.fake_dingtalk import FakeDingTalk
from sandbox.fake_wecom import FakeWeCom, Robot
from sandbox.office import DINGTALK, VISITOR, MakeBelieveOffice, sample_groups
from sandbox.page_server import Page
from sandbox.sample_company import furnish
from sandbox.till import Till
from scheduler.jobs import Job
from storage.database import Database
from storage.session import Session

COMPANY = "鲜橙连锁"
CORP_ID = "wwmakebelieve00001"
AGENT_ID = 1000002
AES_KEY = "makebelieve0makebelieve0makebelieve0makebel"
ROBOT_AES_KEY = "robotbelieve0makebelieve0makebelieve0makebe"
CLIENT_ID = "dingmakebelieve"
CONNECT_WITHIN = 60.0
MADE_UP = "only-in-the-sandbox"
"""Every secret of the make-believe platforms: none of them opens anything."""


@dataclass
class Stage:
    """Everything that plays together."""

    clock: WoundClock
    dingtalk: FakeDingTalk
    wecom: FakeWeCom
    office: MakeBelieveOffice
    database: Database
    application: Application
    board: BoardDoor


@asynccontextmanager
async def platforms(
    clock: WoundClock, *, robot_mode: str = "websocket", others: Sequence[CastMember] = ()
) -> AsyncIterator[tuple[FakeDingTalk, FakeWeCom]]:
    """Both make-believe platforms, started, with the cast, its groups, and `others` whom nobody plays."""
    dingtalk = FakeDingTalk(clock, client_id=CLIENT_ID, client_secret=MADE_UP)
    robot = (
        Robot(secret=MADE_UP) if robot_mode == "websocket" else Robot(token=MADE_UP, aes_key=ROBOT_AES_KEY)
    )
    wecom = FakeWeCom(
        clock, corp_id=CORP_ID, agent_id=AGENT_ID, secret=MADE_UP, token=MADE_UP, aes_key=AES_KEY, robot=robot
    )
    await dingtalk.start()
    await wecom.start()
    _people(dingtalk, wecom, (*CAST, *others))
    try:
        yield dingtalk, wecom
    finally:
        await wecom.stop()
        await dingtalk.stop()


def _people(dingtalk: FakeDingTalk, wecom: FakeWeCom, members: Sequence[CastMember]) -> None:
    """Both directories have them in their departments; the outsider's accounts are in none."""
    departments = _departments(members)
    for path, number in departments.items():
        above, _, name = path.rpartition("/")
        if above:
            dingtalk.add_department(number, name, departments[above])
            wecom.add_department(number, name, departments[above])
    for member in members:
        facts: dict[str, Any] = {"department": departments[member.department], "number": member.number}
        if any(
            one.manager == member.number and one.department.startswith(member.department) for one in members
        ):
            facts["leads"] = (departments[member.department],)
        if member.dingtalk_id:
            dingtalk.add_user(member.dingtalk_id, member.name, title=member.position, **facts)
        if member.wecom_id:
            wecom.add_user(member.wecom_id, member.name, position=member.position, **facts)
    dingtalk.add_user(OUTSIDER_DINGTALK, VISITOR.name, department=0)
    wecom.add_user(OUTSIDER_WECOM, VISITOR.name, department=0)
    for group in sample_groups():
        phones = dingtalk if group.platform == DINGTALK else wecom
        phones.add_group(group.id, group.title, group.members)


def _departments(members: Sequence[CastMember]) -> dict[str, int]:
    """The ids of the departments by their paths; the whole company is 1."""
    paths = sorted({member.department for member in members}, key=lambda path: path.count("/"))
    return {path: number for number, path in enumerate(paths, 1)}


def settings_for(
    dingtalk: FakeDingTalk,
    wecom: FakeWeCom,
    database_url: str,
    *,
    port: int = 0,
    robot_mode: str = "websocket",
    stores: Collection[str] = (),
) -> Settings:
    """The configuration of a company whose platforms are these. `stores`: those that are there besides the cast's."""
    if robot_mode == "websocket":
        robot = WeComRobot(bot_id=wecom.robot.bot_id, secret=SecretStr(MADE_UP), ws_url=wecom.ws_url)
    else:
        robot = WeComRobot(
            mode="callback", token=SecretStr(MADE_UP), encoding_aes_key=SecretStr(ROBOT_AES_KEY)
        )
    return Settings(
        company=Company(name=COMPANY, admins=("E0001",), hr=("E0002",)),
        storage=Storage(url=database_url),
        mechanisms={store: "weekly" for store in WEEKLY if store in stores},
        server=Server(port=port),
        ingest=Ingest(tokens=(IngestToken(name="POS", token=SecretStr(MADE_UP)),)),
        dingtalk=DingTalk(
            enabled=True,
            client_id=CLIENT_ID,
            client_secret=SecretStr(MADE_UP),
            robot_code=CLIENT_ID,
            api_base=dingtalk.base_url,
            oapi_base=dingtalk.base_url,
            login_base=dingtalk.base_url,
            monthly_api_calls=0,
            monthly_pushes=0,
        ),
        wecom=WeCom(
            enabled=True,
            corp_id=CORP_ID,
            api_base=wecom.base_url,
            oauth_base=wecom.base_url,
            app=WeComApp(
                agent_id=AGENT_ID,
                secret=SecretStr(MADE_UP),
                token=SecretStr(MADE_UP),
                encoding_aes_key=SecretStr(AES_KEY),
            ),
            robot=robot,
        ),
    )


@asynccontextmanager
async def staged(
    database_url: str,
    clock: WoundClock,
    *,
    port: int = 0,
    robot_mode: str = "websocket",
    furnished: bool = True,
    jobs: Sequence[Job] | None = None,
    others: Sequence[CastMember] = (),
    rehearses: bool = False,
) -> AsyncIterator[Stage]:
    """The bot at work over a database, which is furnished where it is empty. `jobs`: what it does unasked.

    `rehearses`: the door to the board stays shut until somebody opens it.

    `others` are on the platforms, too; they are on file once somebody has put them there.
    """
    async with (
        platforms(clock, robot_mode=robot_mode, others=others) as (dingtalk, wecom),
        Database(database_url) as database,
    ):
        await database.upgrade()
        is_new = furnished and await _furnish(database, clock)
        settings = settings_for(
            dingtalk,
            wecom,
            database_url,
            port=port,
            robot_mode=robot_mode,
            stores={member.store for member in others},
        )
        till = Till(database, clock.now())
        if furnished and not is_new:
            await till.open_again(clock.now())

        async def wound(moment: datetime) -> None:
            if furnished:
                await till.catch_up(moment)
            await application.wound()

        office = MakeBelieveOffice(dingtalk, wecom, clock, wound=wound)
        board = BoardDoor(office, database, is_open=not rehearses)
        async with Application(
            settings,
            database,
            clock=clock.now,
            pages=_mounted(Page(office), board),
            jobs=jobs,
        ) as application:
            address = f"http://127.0.0.1:{application.port}"
            wecom.app_callback_url = f"{address}/wecom/app"
            if robot_mode == "callback":
                wecom.robot_callback_url = f"{address}/wecom/robot"
            await _connected(application)
            yield Stage(clock, dingtalk, wecom, office, database, application, board)


def _mounted(page: Page, board: BoardDoor) -> Callable[[web.Application], None]:
    def mount(app: web.Application) -> None:
        app.add_routes([*page.routes(), *board.routes()])
        app.on_shutdown.append(page.close)

    return mount


async def _connected(application: Application) -> None:
    """Wait until every channel is: what is said before is lost on the platforms that do not repeat."""
    async with asyncio.timeout(CONNECT_WITHIN):
        while any(state != "ok" for state in (await application.readiness()).values()):  # noqa: ASYNC110  # no event tells
            await asyncio.sleep(0.01)


async def _furnish(database: Database, clock: WoundClock) -> bool:
    """Whether there was anything to be furnished."""

    async def work(session: Session) -> bool:
        empty = await session.one("SELECT 1 FROM employees LIMIT 1") is None
        if empty:
            await furnish(session, clock.now())
        return empty

    return await database.transact(work)

"""The running bot fetches: when it is due, when somebody asks, and each source by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.sources import pulling
from config.sources import DataSource
from sandbox.clock import WoundClock
from sandbox.stage import Stage, staged
from storage import job_runs, sources
from storage.session import Session
from tests.bot.sources.pos import TOKEN, Pos, sale
from tests.bot.sources.test_http import till
from tests.conversations.phones import Phone
from tests.quiet import QUIET_JOBS

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "LOOK", 0.05)
    monkeypatch.setattr(pulling, "TICK", 0.1)


@asynccontextmanager
async def fetching(url: str, *said: DataSource) -> AsyncIterator[Stage]:
    async with staged(url, WoundClock(NOW), jobs=QUIET_JOBS) as stage:
        application = stage.application
        application.settle(application.settings.model_copy(update={"sources": said}))
        yield stage


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await true():
            await asyncio.sleep(0.05)


async def sold(stage: Stage) -> int:
    """The store's deals of the day that `sale` speaks of: on other days it has those of the sandbox's customer book."""

    async def work(session: Session) -> int:
        row = await session.one(
            "SELECT sum(d.total) FROM metric_days d JOIN metric_series s ON s.id = d.series_id"
            " WHERE s.metric = 'deals' AND s.unit = '滨江店'"
            " AND s.employee_id = 0 AND d.day = ?",
            date(2026, 11, 24),
        )
        return int((row[0] if row else 0) or 0) // 10**6

    return await stage.database.read(work)


def deals(pos: Pos, name: str = "收银台", token: str = TOKEN) -> DataSource:
    source = till(pos, token=token)
    fields = source.fields.model_copy(update={"values": {"deals": "guests"}, "employee": ""})
    return source.model_copy(update={"name": name, "fields": fields, "units": {"S01": "滨江店"}})


@pytest.fixture
async def pos() -> AsyncIterator[Pos]:
    async with Pos().open() as opened:
        yield opened


async def test_one_that_hangs_holds_nobody_up(database_url: str, pos: Pos) -> None:
    async with Pos().open() as dead:
        dead.mood = "hanging"
        pos.sales = [sale(1)]
        async with fetching(
            database_url, deals(dead, "死机的").model_copy(update={"timeout": 300.0}), deals(pos)
        ) as stage:
            await until(lambda: _is(stage, 2))

            answer = await Phone(stage, "dingtalk", "李四").say("我的目标")
            assert answer is not None
            assert dead.asked


async def _is(stage: Stage, wanted: int) -> bool:
    return await sold(stage) == wanted


async def test_a_changed_configuration_is_followed(database_url: str, pos: Pos) -> None:
    pos.sales = [sale(1)]
    async with fetching(database_url, deals(pos, token="a-wrong-one")) as stage:

        async def refused() -> bool:
            known = await stage.database.read(lambda session: sources.everything(session, "收银台"))
            return bool(known) and known[0].error == "auth"

        await until(refused)
        application = stage.application
        application.settle(application.settings.model_copy(update={"sources": (deals(pos, "新收银台"),)}))
        await until(lambda: _is(stage, 2))


async def test_it_is_fetched_again_when_the_hour_comes(database_url: str, pos: Pos) -> None:
    async with fetching(database_url, deals(pos)) as stage:
        await until(lambda: _ran(stage, 1))
        pos.sales = [sale(1)]
        stage.clock.wind(timedelta(minutes=61))
        await stage.application.wound()
        await until(lambda: _is(stage, 2))


async def _ran(stage: Stage, times: int) -> bool:
    last = (await stage.database.read(job_runs.last)).get("pull:收银台")
    return last is not None and last.is_over and times == 1


async def test_a_steward_asks_for_it_and_hears_how_it_went(database_url: str, pos: Pos) -> None:
    async with fetching(database_url, deals(pos)) as stage:
        boss = Phone(stage, "dingtalk", "周敏")
        staff = Phone(stage, "dingtalk", "李四")
        admin = Phone(stage, "dingtalk", "陈总")
        await until(lambda: _ran(stage, 1))
        pos.sales = [sale(1), sale(2, "很多", shop={"code": "S77"})]
        for nobody in (boss, staff):
            refused = await nobody.say("重试同步 收银台")
            assert refused is not None
            assert "数据管理员" in refused.text
        asked = await admin.say("重试同步 收银台")
        assert asked is not None
        assert "正在重新拉「收银台」" in asked.text
        await admin.received("「收银台」拉到了,有 1 条没有收下", "没有部门或门店「S77」")
        assert await _is(stage, 2)
        pos.mood = "web page"
        await admin.say("重试同步 收银台")
        await admin.received("「收银台」还是没有拉到:回来的是网页,不是数据", "先按最后的算")
        pushed = await admin.say("重试同步 POS")
        assert pushed is not None
        assert "「POS」是对方推过来的" in pushed.text
        listed = await admin.say("数据源")
        assert listed is not None
        assert "⚠️ 收银台" in listed.text
        assert TOKEN not in listed.text
        again = await admin.press("重试同步")
        assert again is not None
        assert "正在重新拉「收银台」" in again.text


def test_a_source_shows_no_secret(pos: Pos) -> None:
    source = till(
        pos, token="hush-hush", params={"key": SecretStr("hush-hush")}, headers={"X": SecretStr("hush-hush")}
    )

    assert "hush-hush" not in repr(source)

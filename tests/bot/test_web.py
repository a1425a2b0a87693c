"""Health, readiness and metrics of the running bot, asked over HTTP."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter

from bot.web import LARGEST_BODY, Parts, make_web
from sandbox.clock import WoundClock
from sandbox.stage import staged
from storage.database import Database
from tests.conversations.phones import Phone
from tests.engines import MONDAY
from tests.quiet import QUIET_JOBS

Asked = tuple[int, dict[str, str]]


@asynccontextmanager
async def serving(
    *, ready: Parts | None = None, alive: Parts | None = None, registry: CollectorRegistry | None = None
) -> AsyncIterator[str]:
    """A server with these states, and one address that reads a body."""

    async def take(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async def readiness() -> Parts:
        return ready or {}

    app = make_web(
        [web.post("/take", take)],
        readiness=readiness,
        liveness=lambda: alive or {},
        registry=registry or CollectorRegistry(),
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def asked(url: str) -> Asked:
    async with aiohttp.ClientSession() as http, http.get(url) as response:
        told = await response.json()
        assert told["ok"] is (response.status == 200)
        return response.status, told["parts"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ({}, 200),
        ({"database": "ok", "dingtalk.stream": "ok"}, 200),
        ({"database": "ok", "wecom.app": "refused: 40001"}, 503),
    ],
)
async def test_well_is_where_every_part_is(path: str, parts: dict[str, str], status: int) -> None:
    async with serving(ready=parts, alive=parts) as url:
        assert await asked(url + path) == (status, parts)


async def test_what_is_counted_can_be_scraped() -> None:
    registry = CollectorRegistry()
    Counter("okrbot_tests_total", "Tests", registry=registry).inc(3)
    async with (
        serving(registry=registry) as url,
        aiohttp.ClientSession() as http,
        http.get(f"{url}/metrics") as response,
    ):
        assert response.headers["Content-Type"].startswith("text/plain")
        assert "okrbot_tests_total 3.0" in await response.text()


@pytest.mark.parametrize(("size", "status"), [(LARGEST_BODY, 200), (LARGEST_BODY + 1, 413)])
async def test_a_body_may_be_so_large(size: int, status: int) -> None:
    async with (
        serving() as url,
        aiohttp.ClientSession() as http,
        http.post(f"{url}/take", data=io.BytesIO(bytes(size))) as response,
    ):
        assert response.status == status


# --- the whole bot ---


async def test_the_running_bot_is_ready_counts_and_says_when_a_channel_is_gone(
    sqlite_company_url: str,
) -> None:
    async with staged(sqlite_company_url, WoundClock(MONDAY), furnished=False, jobs=QUIET_JOBS) as stage:
        url = f"http://127.0.0.1:{stage.application.port}"
        every = {"database": "ok", "dingtalk.stream": "ok", "wecom.app": "ok", "wecom.robot": "ok"}
        assert await asked(f"{url}/readyz") == (200, every)
        assert (await asked(f"{url}/healthz"))[0] == 200

        await Phone(stage, "dingtalk", "李四").say("帮助")
        async with aiohttp.ClientSession() as http, http.get(f"{url}/metrics") as response:
            assert 'okrbot_events_total{kind="message",platform="dingtalk"} 1.0' in await response.text()

        await stage.wecom.robot_server.kick()
        status, parts = await asked(f"{url}/readyz")
        while status == 200:
            status, parts = await asked(f"{url}/readyz")
        assert parts == {**every, "wecom.robot": "kicked"}
        assert (await asked(f"{url}/healthz"))[0] == 200


async def test_without_its_database_the_bot_is_alive_but_not_ready(
    sqlite_company_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(sqlite_company_url, WoundClock(MONDAY), furnished=False, jobs=QUIET_JOBS) as stage:

        async def gone(_: Database) -> list[str]:
            raise ConnectionRefusedError

        monkeypatch.setattr(Database, "missing_migrations", gone)
        url = f"http://127.0.0.1:{stage.application.port}"
        status, parts = await asked(f"{url}/readyz")
        assert (status, parts["database"]) == (503, "unreachable: ConnectionRefusedError")
        assert (await asked(f"{url}/healthz"))[0] == 200


async def test_an_old_schema_is_not_ready(sqlite_company_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged(sqlite_company_url, WoundClock(MONDAY), furnished=False, jobs=QUIET_JOBS) as stage:

        async def one(_: Database) -> list[str]:
            return ["0002_more"]

        monkeypatch.setattr(Database, "missing_migrations", one)
        _, parts = await asked(f"http://127.0.0.1:{stage.application.port}/readyz")
        assert parts["database"] == "not migrated: 0002_more"

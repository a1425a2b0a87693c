"""Addresses of pictures and files, asked over HTTP, and the process that draws."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.draughtsman import Draughtsman
from bot.files import FILES_HOLD, PICTURES_HOLD, KeptFiles
from cards.goal_map import goal_map
from chat.files import PNG, SVG, File
from storage import files
from storage.database import Database
from tests.cards.sample import EG
from tests.okr.trees import company
from tests.storage.company import NOON

CARD, MAP = goal_map(company(), title="华东区", about="2026Q4", eg=EG)
SHEET = File(
    "我的 数据.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04 sheet"
)
BROKEN = File("坏图", SVG, b"<svg")


@dataclass
class Server:
    kept: KeptFiles
    url: str
    now: datetime = NOON

    async def get(self, address: str) -> tuple[int, bytes, dict[str, str]]:
        async with aiohttp.ClientSession() as session, session.get(address) as response:
            return response.status, await response.read(), dict(response.headers)

    async def address(self, file: File) -> str:
        outgoing = await self.kept.outgoing(file.ref)
        assert outgoing is not None
        return outgoing.address


@pytest.fixture
async def server(sqlite: Database) -> AsyncIterator[Server]:
    await sqlite.transact(lambda session: files.keep(session, [MAP, SHEET, BROKEN], NOON))
    kept = KeptFiles(sqlite, lambda: here.now, lambda: here.url)
    here = Server(kept, "")
    app = web.Application()
    app.add_routes(kept.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    here.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield here
    finally:
        await runner.cleanup()
        await kept.close()


async def test_a_picture_leaves_as_png_and_is_fetched_by_its_address(server: Server) -> None:
    outgoing = await server.kept.outgoing(MAP.ref)
    assert outgoing is not None
    status, content, headers = await server.get(outgoing.address)

    assert (outgoing.name, outgoing.media_type) == ("目标地图 华东区.png", PNG)
    assert content == outgoing.content
    assert content.startswith(b"\x89PNG")
    assert (status, headers["Content-Type"], headers["X-Content-Type-Options"]) == (200, PNG, "nosniff")
    assert headers["Content-Disposition"].startswith("inline;")


async def test_a_file_leaves_as_it_is_and_is_downloaded(server: Server) -> None:
    status, content, headers = await server.get(await server.address(SHEET))

    assert (status, content, headers["Content-Type"]) == (200, SHEET.content, SHEET.media_type)
    assert (
        headers["Content-Disposition"]
        == "attachment; filename*=UTF-8''%E6%88%91%E7%9A%84%20%E6%95%B0%E6%8D%AE.xlsx"
    )


async def test_without_a_public_address_there_is_none(server: Server) -> None:
    server.url = ""

    assert await server.address(MAP) == ""


async def test_an_address_that_nothing_answers_at_is_given_to_nobody(server: Server) -> None:
    well, server.url = server.url, "http://127.0.0.1:1"
    with capture_logs() as logs:
        assert await server.address(MAP) == ""
        assert await server.address(SHEET) == ""
    assert [line["event"] for line in logs] == ["public_url_not_reachable"], "tried once"

    server.url = well + "elsewhere/"
    assert await server.address(MAP) == ""
    server.url = well
    assert await server.address(MAP) != ""


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("sign=", "sign=0"),
        ("until=1", "until=2"),
        ("until=", "until=x"),
        (f"/{SHEET.ref}?", f"/{MAP.ref}?"),
        (f"/{SHEET.ref}?", "/f0?"),
        ("&sign=", "&nothing="),
        ("until=", "until=99999999999999999999"),
    ],
)
async def test_a_changed_address_finds_nothing(server: Server, written: str, instead: str) -> None:
    address = await server.address(SHEET)
    assert written in address

    assert (await server.get(address.replace(written, instead)))[0] == 404


@pytest.mark.parametrize(("file", "holds"), [(MAP, PICTURES_HOLD), (SHEET, FILES_HOLD)])
async def test_an_address_holds_for_a_while_only(server: Server, file: File, holds: timedelta) -> None:
    address = await server.address(file)

    server.now = NOON + holds
    assert (await server.get(address))[0] == 200
    server.now = NOON + holds + timedelta(seconds=1)
    assert (await server.get(address))[0] == 404


async def test_when_the_file_is_forgotten_its_addresses_are_void(server: Server, sqlite: Database) -> None:
    address = await server.address(SHEET)
    await sqlite.transact(lambda session: files.forget_before(session, NOON + files.KEPT))
    assert (await server.get(address))[0] == 404

    await sqlite.transact(lambda session: files.keep(session, [SHEET], NOON))
    assert (await server.get(address))[0] == 404, "another key"


async def test_what_cannot_be_drawn_has_no_way_out(server: Server) -> None:
    with capture_logs() as logs:
        assert await server.kept.outgoing(BROKEN.ref) is None
    assert [line["event"] for line in logs] == ["picture_not_drawn"]


async def test_uploads_are_remembered_for_as_long_as_the_platform_keeps_them(server: Server) -> None:
    await server.kept.keep_upload(MAP.ref, "wecom", "media-1", 3600)
    assert await server.kept.uploaded(MAP.ref, "wecom") == "media-1"
    server.now = NOON + timedelta(seconds=3600)
    assert await server.kept.uploaded(MAP.ref, "wecom") == ""

    server.now = NOON
    await server.kept.forget_upload(MAP.ref, "wecom")
    assert await server.kept.uploaded(MAP.ref, "wecom") == ""


# --- the process that draws ---


async def test_one_process_draws_for_everybody_and_survives_what_is_no_drawing() -> None:
    draughtsman = Draughtsman()
    try:
        first, nothing, again = await asyncio.gather(
            *(draughtsman.png(one.content) for one in (MAP, BROKEN, MAP))
        )
    finally:
        await draughtsman.close()

    assert first.startswith(b"\x89PNG")
    assert nothing == b""
    assert again == first


async def test_a_process_that_died_or_rested_is_started_again() -> None:
    draughtsman = Draughtsman(idle=0.0)
    try:
        first = await draughtsman.png(MAP.content)
        process = draughtsman._process
        assert process is not None
        await asyncio.wait_for(process.wait(), 30)
        assert await draughtsman.png(MAP.content) == first
        resting = draughtsman._process
        assert resting is not None
        assert resting.stdin is not None
        while not resting.stdin.is_closing():  # told to rest, and not ended yet
            await asyncio.sleep(0)
        assert await draughtsman.png(MAP.content) == first
    finally:
        await draughtsman.close()


async def test_whoever_stops_waiting_gets_nobody_elses_picture() -> None:
    draughtsman = Draughtsman()
    try:
        impatient = asyncio.create_task(draughtsman.png(MAP.content))
        await asyncio.sleep(0.05)
        impatient.cancel()
        small = await draughtsman.png(b'<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"/>')
    finally:
        await draughtsman.close()

    assert int.from_bytes(small[16:20], "big") == 14

"""The stream that tells a page that what it shows has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.board import feed, live
from okr.objectives import Visibility
from storage.session import Session
from tests.bot.board.visitor import LI, WANG, WU, Visitor, browser
from tests.conversations.phones import Phone

PATIENCE = 30.0
QUIET = 0.3
"""Longer than two looks of the feed."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "PERIOD", QUIET / 6)


class Ear:
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def hears(self, seconds: float = PATIENCE) -> dict[str, str]:
        """The next event that is one; empty where none comes within that time."""
        told: dict[str, str] = {}
        try:
            async with asyncio.timeout(seconds):
                async for raw in self._response.content:
                    line = raw.decode().rstrip("\n")
                    if line and not line.startswith(":"):
                        name, _, value = line.partition(": ")
                        told[name] = value
                    elif "event" in told:
                        return told
                    else:
                        told = {}
        except TimeoutError:
            return {}
        return {}


@asynccontextmanager
async def listening(visitor: Visitor, watch: str, **headers: str) -> AsyncIterator[Ear]:
    async with visitor.http.get(f"{visitor.base}/board/live?watch={watch}", headers=headers) as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        yield Ear(response)


async def test_a_report_in_the_chat_is_told_to_who_looks_at_the_goal(visitor_anywhere: Visitor) -> None:
    visitor = visitor_anywhere
    await visitor.comes_in(WANG)
    async with listening(visitor, "4") as ear, listening(visitor, "5") as other:
        await Phone(visitor.stage, "dingtalk", LI).say("更新 KR8 1070")

        told = await ear.hears()
        assert told["event"] == "changed"
        assert told["id"]
        assert await other.hears(QUIET) == {}


async def test_who_comes_back_is_told_what_happened_meanwhile(visitor: Visitor) -> None:
    await visitor.comes_in(WANG)
    async with listening(visitor, "4") as ear:
        await Phone(visitor.stage, "dingtalk", LI).say("更新 KR8 1070")
        last = (await ear.hears())["id"]

    async with listening(visitor, "4", **{"Last-Event-ID": last}) as ear:
        assert await ear.hears(QUIET) == {}
    await Phone(visitor.stage, "dingtalk", LI).say("更新 KR8 1080")
    async with listening(visitor, "4", **{"Last-Event-ID": last}) as ear:
        assert (await ear.hears())["event"] == "changed"


async def test_a_request_is_told_to_pages_that_look_out_for_them(visitor: Visitor) -> None:
    await visitor.comes_in(WANG)
    async with listening(visitor, "-2") as ear:
        await Phone(visitor.stage, "dingtalk", LI).say("修改 KR9 目标值 4 原因 新冷柜")

        assert (await ear.hears())["event"] == "changed"


async def test_nobody_learns_when_a_hidden_goal_moves(visitor: Visitor) -> None:
    async def hide(session: Session) -> None:
        await session.run("UPDATE objectives SET visibility = ? WHERE id = 4", str(Visibility.LINE))

    await visitor.stage.database.transact(hide)
    await visitor.comes_in(WU)
    async with listening(visitor, "4") as ear:
        await Phone(visitor.stage, "dingtalk", LI).say("更新 KR8 1070")

        assert await ear.hears(QUIET) == {}


async def test_only_who_is_in_may_listen_and_not_too_often(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with visitor.http.get(f"{visitor.base}/board/live?watch=4") as response:
        assert response.status == 401

    await visitor.comes_in(WANG)
    monkeypatch.setattr(live, "MOST_OF_ONE", 1)
    async with listening(visitor, "4"), visitor.http.get(f"{visitor.base}/board/live?watch=4") as second:
        assert second.status == 503
        assert second.headers["Retry-After"]
    async with browser() as http:
        other = Visitor(visitor.stage, http)
        await other.comes_in(LI)
        async with listening(other, "4"):
            pass


async def test_who_leafs_through_many_pages_goes_on_hearing(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_OF_ONE", 2)
    monkeypatch.setattr(live, "LOOK", 60.0)  # none of them notices by itself that its page was closed
    monkeypatch.setattr(live, "BEAT", 120.0)
    await visitor.comes_in(WANG)
    for _ in range(5):
        async with listening(visitor, "4"):
            pass


async def test_nobody_looks_while_nobody_watches(visitor: Visitor) -> None:
    looks = visitor.stage.application.board.feed
    assert looks.looking is False
    await visitor.comes_in(WANG)

    async with listening(visitor, "4"):
        assert looks.looking is True
        assert looks.viewers == 1
    async with asyncio.timeout(PATIENCE):
        while looks.looking:
            await asyncio.sleep(0.05)

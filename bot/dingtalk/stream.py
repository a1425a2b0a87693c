"""The connection to DingTalk's stream: opened with a ticket, watched, and opened again with patience.

The platform closes connections now and then and announces it; it also forgets some without a word. So silence counts as
a lost connection, and a connection that did not last is followed by a growing pause, with jitter, never by a storm.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import aiohttp
import structlog

from bot.dingtalk import frames
from bot.dingtalk.api import DingTalkApi
from chat.errors import DeliveryFailed

log = structlog.get_logger("dingtalk")

USER_AGENT = "okrbot"


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds."""

    backoff: float = 1.0
    backoff_limit: float = 60.0
    stable: float = 30.0
    """A connection that lived so long was a good one: the pauses start from the beginning."""
    silence: float = 600.0
    """Without any frame, not even a ping of the platform's, the connection counts as dead."""
    heartbeat: float = 20.0
    """Between two WebSocket pings of ours; a missing pong ends the connection."""
    redraw: float = 1.6
    """How long a pressed button may take to be answered in its acknowledgement: the platform waits for 2."""
    finish: float = 5.0
    """How long work under way may take when a connection or the bot ends."""


class Link:
    """One connection, as long as somebody has to answer on it."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws
        self._unanswered = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def expect(self) -> None:
        """One more frame will be answered."""
        self._unanswered += 1
        self._idle.clear()

    def settled(self) -> None:
        """One of them has been, or never will be."""
        self._unanswered -= 1
        if not self._unanswered:
            self._idle.set()

    async def send(self, text: str) -> bool:
        """Whether it left; a connection that is gone is no fault of the one who answers."""
        if self.ws.closed:
            return False
        try:
            await self.ws.send_str(text)
        except (ConnectionError, aiohttp.ClientError, RuntimeError):
            return False
        return True

    async def close(self, *, within: float) -> None:
        """Let what is under way be answered, then close."""
        try:
            if not self.ws.closed:
                async with asyncio.timeout(within):
                    await self._idle.wait()
        except TimeoutError:
            log.warning("connection_closed_with_work_under_way", unanswered=self._unanswered)
        finally:  # told to stop in between, too
            await self.ws.close()


class Stream:
    """`on_frame` is given each CALLBACK and EVENT frame with the link to answer on; while it waits, nothing is read."""

    def __init__(
        self, api: DingTalkApi, on_frame: Callable[[Link, Mapping[str, Any]], Awaitable[None]], pace: Pace
    ) -> None:
        self._api = api
        self._on_frame = on_frame
        self._pace = pace
        self._failures = 0
        self._leaving: set[asyncio.Task[None]] = set()
        self.state = "connecting"

    async def run(self) -> None:
        """Hold a connection until cancelled; then answer what was heard, and close."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                started = loop.time()
                try:
                    told_to_go = await self._hold()
                except DeliveryFailed as failed:
                    self.state = f"refused: {failed.code}"
                    log.warning("connection_not_opened", code=failed.code, reason=failed.reason)
                    told_to_go = False
                except (aiohttp.ClientError, OSError, TimeoutError) as error:
                    self.state = "connecting"
                    log.warning("connection_lost", error=type(error).__name__)
                    told_to_go = False
                lasted = loop.time() - started >= self._pace.stable
                if lasted:
                    self._failures = 0
                await asyncio.sleep(0 if told_to_go and lasted else self._pause())
        finally:
            self.state = "not connected"
            await asyncio.gather(*self._leaving, return_exceptions=True)

    async def _hold(self) -> bool:
        """One connection from its opening to its end; true where the platform asked us to come again."""
        endpoint, ticket = await self._api.open_connection(frames.SUBSCRIPTIONS, USER_AGENT)
        ws = await self._api.session.ws_connect(
            f"{endpoint}?ticket={quote_plus(ticket)}",
            heartbeat=self._pace.heartbeat,
            timeout=aiohttp.ClientWSTimeout(ws_close=1.0),
        )
        link = Link(ws)
        self.state = "ok"
        log.info("connected")
        try:
            told_to_go = await self._read(link)
        except BaseException:
            await link.close(within=self._pace.finish)
            raise
        # The platform keeps a connection it gave notice of open for some seconds: the next one need not wait.
        leaving = asyncio.create_task(link.close(within=self._pace.finish))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
        self.state = "connecting"
        log.info("disconnected", told_to_go=told_to_go, close_code=ws.close_code)
        return told_to_go

    async def _read(self, link: Link) -> bool:
        while True:
            received = await link.ws.receive(timeout=self._pace.silence)
            if received.type is aiohttp.WSMsgType.TEXT:
                try:
                    frame = json.loads(received.data)
                    if await self._take(link, frame):
                        return True
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    log.warning("frame_not_understood", error=type(error).__name__)
            elif received.type is not aiohttp.WSMsgType.BINARY:
                return False

    async def _take(self, link: Link, frame: Mapping[str, Any]) -> bool:
        """True for the platform's notice that it will close this connection."""
        if frame["type"] != frames.SYSTEM:
            await self._on_frame(link, frame)
            return False
        topic = frame["headers"].get("topic")
        if topic == frames.DISCONNECT:
            return True
        if topic == frames.PING:
            await link.send(frames.ack(frame["headers"].get("messageId", ""), frame.get("data") or "{}"))
        return False

    def _pause(self) -> float:
        """A doubling pause, shortened at random by up to half, so that a crowd does not come back at once."""
        longest: float = min(self._pace.backoff * 2 ** min(self._failures, 10), self._pace.backoff_limit)
        self._failures += 1
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter is no secret

"""The robot's WebSocket: one connection a robot, frames of JSON, every command acknowledged.

A newer connection pushes the older one out, so being pushed out is no reason to come back: two replicas
would push each other out for ever. Source: developer.work.weixin.qq.com 101463.
"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import structlog

from bot.errands import Errands
from bot.wecom.errcodes import ROBOT_REFUSED, failure, is_one_of
from chat.errors import DeliveryFailed, Unreachable

KICKED = "kicked"
ANSWERABLE_FOR = 24 * 3600.0
"""Seconds in which a message's req_id takes answers."""
REMEMBERED = 10_000
"""req_ids of one connection that are kept; the oldest are answered by a push instead."""
CONCURRENT = 6000
"""Two frames on one req_id met at the server: once more."""

log = structlog.get_logger("wecom")


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds."""

    ping: float = 30.0
    ack: float = 5.0
    backoff: float = 1.0
    backoff_limit: float = 30.0


class KickedOut(Exception):
    """A newer connection of the same robot took over."""


class RobotSocket:
    """Holds the connection and speaks over it.

    `on_callback` is given each callback frame's req_id and body; its work runs as an errand.
    """

    def __init__(
        self,
        url: str,
        *,
        bot_id: str,
        secret: str,
        on_callback: Callable[[str, Mapping[str, Any]], Coroutine[Any, Any, None]],
        errands: Errands,
        pace: Pace | None = None,
    ) -> None:
        self._url = url
        self._bot_id = bot_id
        self._secret = secret
        self._on_callback = on_callback
        self._errands = errands
        self._pace = pace or Pace()
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._acks: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._queues: dict[str, _Queue] = {}
        self._answerable: OrderedDict[str, float] = OrderedDict()
        self._asked = asyncio.Event()
        self._failures = 0
        self._away = False
        self.state = "not connected"

    def reconnect(self) -> None:
        """Connect again after having been pushed out or refused."""
        self._asked.set()

    async def run(self) -> None:
        """Hold the connection until cancelled; stay away where coming back would do harm."""
        async with aiohttp.ClientSession() as session:
            while True:
                try:
                    await self._hold(session)
                    self._lost("closed")
                except KickedOut:
                    await self._stay_away(KICKED)
                except DeliveryFailed as failed:
                    if is_one_of(failed, ROBOT_REFUSED):
                        await self._stay_away(f"refused: {failed.code}")
                    else:
                        self._lost(failed.reason)
                except (aiohttp.ClientError, OSError, TimeoutError) as error:
                    self._lost(type(error).__name__)
                await asyncio.sleep(self._pause())

    def can_answer(self, req_id: str) -> bool:
        """Whether a message of this req_id came over this very connection, and not too long ago."""
        heard = self._answerable.get(req_id)
        return heard is not None and asyncio.get_running_loop().time() - heard < ANSWERABLE_FOR

    def spent(self, req_id: str) -> None:
        """The server takes no more answers for this one."""
        self._answerable.pop(req_id, None)

    async def command(self, cmd: str, body: Mapping[str, Any] | None, req_id: str = "") -> Mapping[str, Any]:
        """Send one frame and return what its ack brings; frames of one req_id go one after the other.

        Raises Unreachable or Rejected.
        """
        req_id = req_id or f"{cmd}_{secrets.token_hex(8)}"
        async with self._turn(req_id):
            ack = await self._exchange(cmd, body, req_id)
            if ack.get("errcode") == CONCURRENT:
                ack = await self._exchange(cmd, body, req_id)
        if code := ack.get("errcode", 0):
            raise failure(code, str(ack.get("errmsg", "")))
        told: Mapping[str, Any] = ack.get("body") or {}
        return told

    # --- the connection -------------------------------------------------------------------------

    async def _hold(self, session: aiohttp.ClientSession) -> None:
        """One connection from its opening to its end. Returns when the server closes it."""
        self.state = "connecting"
        async with asyncio.timeout(2 * self._pace.ack):
            ws = await session.ws_connect(self._url, timeout=aiohttp.ClientWSTimeout(ws_close=1.0))
        self._ws = ws
        tasks = [asyncio.create_task(self._read(ws))]
        try:
            await self._subscribe(tasks[0])
            tasks.append(asyncio.create_task(self._ping()))
            await tasks[0]
        finally:
            self._ws = None
            self._answerable.clear()
            self._drop_acks()
            for task in tasks:
                task.cancel()
            try:
                await asyncio.gather(*tasks, return_exceptions=True)
            finally:  # told to stop in between, too
                await ws.close()

    async def _subscribe(self, reading: asyncio.Task[None]) -> None:
        """The first frame. Its ack comes through the reader: where that ends, the attempt does."""
        subscribing = asyncio.create_task(self.command("aibot_subscribe", self._credentials()))
        await asyncio.wait((subscribing, reading), return_when=asyncio.FIRST_COMPLETED)
        if not subscribing.done():
            subscribing.cancel()
            await reading
            raise Unreachable("closed before it was subscribed", code="network")
        await subscribing
        self.state = "ok"
        self._failures = 0
        log.info("robot connected")

    async def _read(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        """Frames until the server closes. Two unanswered pings count as a dead connection."""
        while True:
            frame = await ws.receive(timeout=2 * self._pace.ping + self._pace.ack)
            if frame.type is not aiohttp.WSMsgType.TEXT:
                return
            try:
                self._take(json.loads(frame.data))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                log.warning("frame not understood", error=type(error).__name__)

    def _take(self, frame: Mapping[str, Any]) -> None:
        req_id = frame["headers"]["req_id"]
        if "cmd" not in frame:
            ack = self._acks.pop(req_id, None)
            if ack is not None and not ack.done():
                ack.set_result(dict(frame))
            return
        body = frame["body"]
        if (body.get("event") or {}).get("eventtype") == "disconnected_event":
            raise KickedOut
        if frame["cmd"] == "aibot_msg_callback":
            self._remember(req_id)
        self._errands.start(self._on_callback(req_id, body))

    def _remember(self, req_id: str) -> None:
        self._answerable[req_id] = asyncio.get_running_loop().time()
        if len(self._answerable) > REMEMBERED:
            self._answerable.popitem(last=False)

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self._pace.ping)
            try:
                await self.command("ping", None, f"ping_{secrets.token_hex(8)}")
            except DeliveryFailed as failed:
                log.warning("ping unanswered", reason=failed.reason)

    async def _exchange(self, cmd: str, body: Mapping[str, Any] | None, req_id: str) -> dict[str, Any]:
        ws = self._ws
        if ws is None or ws.closed:
            raise Unreachable("robot not connected", code="network", after=self._back_within())
        frame: dict[str, Any] = {"cmd": cmd, "headers": {"req_id": req_id}}
        if body is not None:
            frame["body"] = body
        ack: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._acks[req_id] = ack
        try:
            async with asyncio.timeout(self._pace.ack):
                await ws.send_str(json.dumps(frame, ensure_ascii=False))
                return await ack
        except (TimeoutError, ConnectionError, aiohttp.ClientError):
            raise Unreachable(f"no ack for {cmd}", code="network") from None
        finally:
            self._acks.pop(req_id, None)

    @asynccontextmanager
    async def _turn(self, req_id: str) -> AsyncIterator[None]:
        queue = self._queues.setdefault(req_id, _Queue())
        queue.waiting += 1
        try:
            async with queue.lock:
                yield
        finally:
            queue.waiting -= 1
            if not queue.waiting:
                self._queues.pop(req_id, None)

    def _drop_acks(self) -> None:
        for ack in self._acks.values():
            if not ack.done():
                ack.set_exception(ConnectionError("closed"))
                ack.exception()  # whoever waited may be gone: then nobody asks for it

    # --- between connections --------------------------------------------------------------------

    async def _stay_away(self, why: str) -> None:
        self.state = why
        log.error("robot stays disconnected", reason=why)
        self._asked.clear()
        self._away = True
        await self._asked.wait()
        self._away = False

    def _lost(self, reason: str) -> None:
        self.state = "reconnecting"
        log.warning("robot connection lost", reason=reason)

    def _pause(self) -> float:
        """A doubling pause, shortened at random by up to half, so that a crowd does not come back at once."""
        longest = self._longest_pause()
        self._failures += 1
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter is no secret

    def _longest_pause(self) -> float:
        pause: float = min(self._pace.backoff * 2 ** min(self._failures, 10), self._pace.backoff_limit)
        return pause

    def _back_within(self) -> timedelta | None:
        """How soon a connection may be there again; None while nobody tries."""
        return None if self._away else timedelta(seconds=self._longest_pause())

    def _credentials(self) -> dict[str, str]:
        return {"bot_id": self._bot_id, "secret": self._secret}


class _Queue:
    """The frames of one req_id, one at a time."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0

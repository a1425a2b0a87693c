"""The stream: connections are opened with a ticket, each push goes to one of them at random, acks come back."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

from sandbox.fake_dingtalk.refusals import Refused
from sandbox.fake_dingtalk.world import Request, World

TICKET_LIVES = timedelta(seconds=90)
OPEN = "/v1.0/gateway/connections/open"
BOT_TOPIC = "/v1.0/im/bot/messages/get"
CARD_TOPIC = "/v1.0/card/instances/callback"
_KINDS = frozenset({"CALLBACK", "EVENT"})
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Ack:
    """`data` is decoded; None where it was no JSON object."""

    code: int
    data: dict[str, Any] | None


@dataclass(slots=True)
class Push:
    """One frame as it was sent, and what came back."""

    message_id: str
    topic: str
    data: dict[str, Any]
    ack: Ack | None = None


@dataclass(slots=True, eq=False)
class Connection:
    id: str
    ws: web.WebSocketResponse
    transport: asyncio.Transport | None
    subscriptions: frozenset[tuple[str, str]]
    opened: datetime
    silent: bool = False
    """Told to disconnect: nothing more is sent."""
    opaque: set[str] = field(default_factory=set)
    """Pings that wait for their answer."""

    def takes(self, kind: str, topic: str) -> bool:
        wanted = (kind, "*") if kind == "EVENT" else (kind, topic)
        return not self.silent and not self.ws.closed and wanted in self.subscriptions


class Stream:
    def __init__(self, world: World, secret: str) -> None:
        self._world = world
        self._secret = secret
        self._tickets: dict[str, tuple[datetime, frozenset[tuple[str, str]]]] = {}
        self._waiting: dict[str, tuple[Push, asyncio.Future[Ack]]] = {}
        self.connections: list[Connection] = []
        self.opens = 0
        self.log: deque[Push] = deque(maxlen=_REMEMBERED)

    def routes(self) -> list[web.RouteDef]:
        return [web.post(OPEN, self._open), web.get("/connect", self._connect)]

    # --- pushing --------------------------------------------------------------------------------

    async def push(self, kind: str, topic: str, data: dict[str, Any], *, within: float) -> Ack | None:
        """Send one frame to one connection; None where nobody took it or no ack came within so many seconds."""
        takers = [connection for connection in self.connections if connection.takes(kind, topic)]
        if not takers:
            return None
        connection = random.choice(takers)  # noqa: S311 - a lot, not a secret
        push = Push(secrets.token_hex(8), topic, data)
        self.log.append(push)
        if self._world.faults.half_open:
            await asyncio.sleep(within)
            return None
        answered: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._waiting[push.message_id] = (push, answered)
        try:
            async with asyncio.timeout(within):
                await connection.ws.send_str(self._frame(kind, topic, push, connection))
                push.ack = await answered
        except (TimeoutError, ConnectionError):
            return None
        finally:
            self._waiting.pop(push.message_id, None)
        return push.ack

    def _frame(self, kind: str, topic: str, push: Push, connection: Connection) -> str:
        headers = {
            "appId": "app-1",
            "connectionId": connection.id,
            "contentType": "application/json",
            "messageId": push.message_id,
            "time": str(self._world.millis()),
            "topic": topic,
        }
        if kind == "EVENT":
            headers |= {"eventId": push.message_id, "eventType": topic, "eventCorpId": self._world.corp_id}
            headers |= {"topic": "*", "eventBornTime": headers["time"], "eventUnifiedAppId": "app-1"}
        data = json.dumps(push.data, ensure_ascii=False)
        return json.dumps(
            {"specVersion": "1.0", "type": kind, "headers": headers, "data": data}, ensure_ascii=False
        )

    # --- on demand ------------------------------------------------------------------------------

    async def ping(self) -> None:
        """A SYSTEM ping on every connection; see `Connection.opaque` for what stays unanswered."""
        for connection in self._live():
            opaque = secrets.token_hex(6)
            connection.opaque.add(opaque)
            await self._system(connection, "ping", {"opaque": opaque}, message_id=f"ping-{opaque}")

    async def disconnect(self, reason: str = "connection is expired") -> None:
        """Tell every client to go, stay silent for a while, then close."""
        leaving = self._live()
        for connection in leaving:
            await self._system(connection, "disconnect", {"reason": reason})
            connection.silent = True
        await asyncio.sleep(self._world.patience.silent)
        for connection in leaving:
            await connection.ws.close()

    async def junk(self, text: str = "<xml/>") -> None:
        """A frame that nobody can read."""
        for connection in self._live():
            await connection.ws.send_str(text)

    def abort(self) -> None:
        """Break every connection without a goodbye."""
        for connection in self.connections:
            if connection.transport is not None:
                connection.transport.abort()

    async def close(self) -> None:
        for connection in list(self.connections):
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(connection.ws.close(), 0.5)

    def _live(self) -> list[Connection]:
        return [connection for connection in self.connections if not connection.ws.closed]

    async def _system(
        self, connection: Connection, topic: str, data: dict[str, str], *, message_id: str = ""
    ) -> None:
        headers = {"contentType": "application/json", "topic": topic}
        if message_id:
            headers["messageId"] = message_id
        frame = {"type": "SYSTEM", "headers": headers, "data": json.dumps(data)}
        if not self._world.faults.half_open:
            with suppress(ConnectionError):
                await connection.ws.send_str(json.dumps(frame))

    # --- connections ----------------------------------------------------------------------------

    async def _open(self, request: web.Request) -> web.Response:
        self.opens += 1
        faults = self._world.faults
        if faults.open_statuses:
            return self._opened(None, Refused("ServiceUnavailable", status=faults.open_statuses.popleft()))
        if faults.slow_open:
            await asyncio.sleep(faults.slow_open)
        body: Any = None
        try:
            body = json.loads(await request.read())
            ticket = self._ticket(body)
        except (ValueError, KeyError, TypeError) as error:
            return self._opened(body, Refused("param.error", f"{type(error).__name__}: {error}"))
        except Refused as refused:
            return self._opened(body, refused)
        self._world.requests.append(Request(f"POST {OPEN}", {**body, "clientSecret": "…"}, 200, ""))
        endpoint = self._world.base_url.replace("http", "ws", 1) + "/connect"
        return web.json_response({"endpoint": endpoint, "ticket": ticket})

    def _opened(self, body: Any, refused: Refused) -> web.Response:
        self._world.requests.append(Request(f"POST {OPEN}", body, refused.status, refused.code))
        return web.json_response(refused.body(), status=refused.status)

    def _ticket(self, body: dict[str, Any]) -> str:
        if (body["clientId"], body["clientSecret"]) != (self._world.client_id, self._secret):
            raise Refused("authFailed", "clientId or clientSecret is wrong", status=401)
        wanted = frozenset((one["type"], one["topic"]) for one in body["subscriptions"])
        if not wanted or any(
            kind not in _KINDS or (kind == "EVENT" and topic != "*") for kind, topic in wanted
        ):
            raise Refused("param.error", "subscriptions")
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = (self._world.clock.now(), wanted)
        return ticket

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        granted = self._tickets.pop(request.query.get("ticket", ""), None)
        now = self._world.clock.now()
        if granted is None or now - granted[0] > TICKET_LIVES:
            return web.Response(status=401)
        ws = web.WebSocketResponse(autoping=False, compress=False)
        await ws.prepare(request)
        if self._world.faults.close_on_accept:
            self._world.faults.close_on_accept -= 1
            await ws.close(code=1000)
            return ws
        connection = Connection(secrets.token_hex(6), ws, request.transport, granted[1], now)
        self.connections.append(connection)
        pinging = asyncio.create_task(self._ping_now_and_then(connection))
        try:
            async for frame in ws:
                await self._take(connection, frame)
        finally:
            pinging.cancel()
            self.connections.remove(connection)
        return ws

    async def _ping_now_and_then(self, connection: Connection) -> None:
        while True:
            await asyncio.sleep(self._world.patience.ping)
            opaque = secrets.token_hex(6)
            connection.opaque.add(opaque)
            await self._system(connection, "ping", {"opaque": opaque}, message_id=f"ping-{opaque}")

    async def _take(self, connection: Connection, frame: aiohttp.WSMessage) -> None:
        if self._world.faults.half_open:
            return
        if frame.type is aiohttp.WSMsgType.PING:
            await connection.ws.pong(frame.data)
        elif frame.type is aiohttp.WSMsgType.TEXT:
            try:
                self._acked(connection, json.loads(frame.data))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                self._world.complaints.append(f"an unreadable ack: {type(error).__name__} {error}")

    def _acked(self, connection: Connection, frame: dict[str, Any]) -> None:
        message_id = frame["headers"].get("messageId", "")
        data = json.loads(frame["data"]) if frame.get("data") else None
        if isinstance(data, dict) and data.get("opaque") in connection.opaque:
            connection.opaque.discard(data["opaque"])
            return
        if message_id not in self._waiting:
            return
        push, answered = self._waiting[message_id]
        if self._world.faults.lose_acks:
            self._world.faults.lose_acks -= 1
            return
        if push.topic not in {BOT_TOPIC, CARD_TOPIC} and "status" not in (data or {}):
            self._world.complaints.append("an event was acknowledged without a status")
        if not answered.done():
            answered.set_result(Ack(int(frame["code"]), data if isinstance(data, dict) else None))

"""The stream: tickets, connections, pushes to one of them, and their acknowledgements.

Each push goes to one connection, chosen at random among those that subscribed to its topic. A message that
nobody acknowledged is pushed again; a pressed button is not. Where nobody listens, a push is lost.
"""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from sandbox.fake_dingtalk.frames import Connection, Push, Topic
from sandbox.fake_dingtalk.refusals import Refused
from sandbox.fake_dingtalk.world import Request, World

OPEN = "/v1.0/gateway/connections/open"
TICKET_VALID = timedelta(seconds=90)
_KINDS = frozenset({"EVENT", "CALLBACK"})


class Stream:
    def __init__(self, world: World, secret: str) -> None:
        self._world = world
        self._secret = secret
        self._tickets: dict[str, tuple[frozenset[Topic], datetime]] = {}
        self._waiting: dict[str, Push] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections: list[Connection] = []
        self.opened = 0
        """How often a connection was asked for."""
        self.connected = asyncio.Event()
        """Set while somebody is connected."""

    def routes(self) -> list[web.RouteDef]:
        return [web.post(OPEN, self._open), web.get("/connect", self._connect)]

    def listeners(self, topic: Topic) -> list[Connection]:
        """The connections that may get a push of this topic."""
        return [each for each in self.connections if topic in each.topics and not each.leaving]

    # --- what the platform does -------------------------------------------------------------------

    async def push(self, topic: str, data: Mapping[str, Any], *, repeat: bool) -> Push | None:
        """Push a callback; None where nobody listens. `repeat`: again until it is acknowledged."""
        return await self._pushed(
            Push("CALLBACK", topic, json.dumps(data, ensure_ascii=False)), repeat=repeat
        )

    async def tell_event(self, event_type: str, data: Mapping[str, Any]) -> Push | None:
        """Push an event of the kind that the console ticks; None where nobody listens."""
        headers = {
            "eventId": uuid.uuid4().hex,
            "eventType": event_type,
            "eventBornTime": str(self._world.millis()),
            "eventCorpId": self._world.corp_id,
            "eventUnifiedAppId": "app-1",
        }
        return await self._pushed(
            Push("EVENT", "*", json.dumps(data, ensure_ascii=False), headers), repeat=True
        )

    async def ping(self) -> None:
        """A SYSTEM ping to everybody, which a client answers with the same data."""
        for connection in list(self.connections):
            opaque = json.dumps({"opaque": uuid.uuid4().hex})
            await self._system(connection, "ping", opaque)

    async def disconnect(self, reason: str = "connection is expired") -> None:
        """Ask every client to leave; silence, and after a while the connection is closed."""
        for connection in list(self.connections):
            connection.leaving = True
            await self._system(connection, "disconnect", json.dumps({"reason": reason}), with_id=False)
            self._spawn(self._close_later(connection))

    async def junk(self, text: str = "<xml/>") -> None:
        """A frame that nobody can read, to everybody."""
        for connection in list(self.connections):
            await self._send(connection, text)

    def abort(self) -> None:
        """Break every connection without a word."""
        for connection in self.connections:
            if connection.transport is not None:
                connection.transport.abort()

    def freeze(self) -> None:
        """Every connection stays open, and nothing will come of it any more."""
        for connection in self.connections:
            connection.dead = True

    async def run_pings(self) -> None:
        while True:
            await asyncio.sleep(self._world.patience.ping)
            await self.ping()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.abort()

    # --- opening ----------------------------------------------------------------------------------

    async def _open(self, request: web.Request) -> web.Response:
        body: Any = None
        try:
            body = await request.json()
            answer, status, code = await self._granted(body), 200, ""
        except (ValueError, KeyError, TypeError) as error:
            refused = Refused("param.error", f"{type(error).__name__}: {error}")
            answer, status, code = refused.body(), refused.status, refused.code
        except Refused as refused:
            answer, status, code = refused.body(), refused.status, refused.code
        self._world.requests.append(Request("POST", OPEN, body, status, code))
        return web.json_response(answer, status=status)

    async def _granted(self, body: Any) -> dict[str, Any]:
        self.opened += 1
        faults = self._world.faults
        if faults.slow_open:
            await asyncio.sleep(faults.slow_open)
        if faults.open_statuses:
            raise Refused("ServiceUnavailable", status=faults.open_statuses.popleft())
        if (body["clientId"], body["clientSecret"]) != (self._world.client_id, self._secret):
            raise Refused("authFailed", "鉴权失败", status=401)
        topics = frozenset((one["type"], one["topic"]) for one in body["subscriptions"])
        if any(kind not in _KINDS or (kind == "EVENT" and topic != "*") for kind, topic in topics):
            raise Refused("param.error", "subscriptions")
        ticket = str(uuid.uuid4())
        self._tickets[ticket] = (topics, self._world.clock.now() + TICKET_VALID)
        return {"endpoint": f"{self._world.base_url.replace('http', 'ws', 1)}/connect", "ticket": ticket}

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        topics, until = self._tickets.pop(request.query.get("ticket", ""), (None, None))
        if topics is None or until is None or self._world.clock.now() >= until:
            return web.Response(status=401, text="invalid ticket")
        ws = web.WebSocketResponse(autoping=False, autoclose=False)
        await ws.prepare(request)
        connection = Connection(self._world.new_id("conn-"), topics, ws, request.transport)
        if await self._left_at_once(connection):
            return ws
        self.connections.append(connection)
        self.connected.set()
        try:
            await self._listen(connection)
        finally:
            self._gone(connection)
        return ws

    async def _left_at_once(self, connection: Connection) -> bool:
        faults = self._world.faults
        if faults.close_on_accept:
            faults.close_on_accept -= 1
            await connection.ws.close(code=1000)
            return True
        if faults.abort_on_accept and connection.transport is not None:
            faults.abort_on_accept -= 1
            connection.transport.abort()
            return True
        return False

    async def _listen(self, connection: Connection) -> None:
        """Read frames until the connection ends."""
        async for message in connection.ws:
            if connection.dead or self._world.faults.half_open:
                continue
            if message.type is WSMsgType.TEXT:
                self._take(message)
            elif message.type is WSMsgType.PING:
                await connection.ws.pong(message.data)

    # --- pushing ----------------------------------------------------------------------------------

    async def _pushed(self, push: Push, *, repeat: bool) -> Push | None:
        if not await self._deliver(push):
            return None
        if self._world.faults.twice:
            await self._deliver(push)
        if repeat:
            self._spawn(self._repeat(push))
        return push

    async def _repeat(self, push: Push) -> None:
        for _ in range(self._world.patience.redeliveries):
            if await push.wait(self._world.patience.redelivery):
                return
            await self._deliver(push)

    async def _deliver(self, push: Push) -> bool:
        """Send a frame to one of the listeners; false where there is none."""
        listeners = self.listeners((push.kind, push.topic))
        if not listeners:
            return False
        connection = random.choice(listeners)  # noqa: S311 - no secret depends on it
        message_id = f"{uuid.uuid4().hex[:8]}_{self._world.new_id('')}"
        push.message_ids.append(message_id)
        self._waiting[message_id] = push
        if self._world.faults.junk_frames:
            self._world.faults.junk_frames -= 1
            await self._send(connection, "<xml/>")
        await self._send(connection, push.frame(connection.id, message_id, self._world.millis()))
        return True

    async def _system(self, connection: Connection, topic: str, data: str, *, with_id: bool = True) -> None:
        headers = {"contentType": "application/json", "topic": topic}
        if with_id:
            headers["messageId"] = uuid.uuid4().hex
        await self._send(connection, json.dumps({"type": "SYSTEM", "headers": headers, "data": data}))

    async def _send(self, connection: Connection, text: str) -> None:
        """A connection that has gone takes nothing, and nobody minds."""
        if connection.dead or self._world.faults.half_open or connection.ws.closed:
            return
        try:
            await connection.ws.send_str(text)
        except ConnectionError:
            return

    # --- what comes back --------------------------------------------------------------------------

    def _take(self, message: WSMessage) -> None:
        try:
            ack = json.loads(message.data)
            message_id, code, data = ack["headers"]["messageId"], ack["code"], ack.get("data", "")
        except (ValueError, KeyError, TypeError) as error:
            self._world.complaints.append(f"not an acknowledgement: {error!r} in {message.data!r}")
            return
        if not isinstance(code, int) or not isinstance(data, str):
            self._world.complaints.append(f"code is a number and data a JSON string: {message.data!r}")
        push = self._waiting.get(message_id)
        if push is None:  # of a ping, or of a disconnect
            return
        if self._world.faults.lose_acks:
            self._world.faults.lose_acks -= 1
        elif push.kind == "CALLBACK" or self._event_done(data):
            push.ack = push.ack or ack
            push.acked.set()

    def _event_done(self, data: str) -> bool:
        """An event's answer must say what became of it; LATER asks for it again."""
        try:
            status = json.loads(data)["status"]
        except (ValueError, KeyError, TypeError):
            self._world.complaints.append(f"an event's acknowledgement lacks its status: {data!r}")
            return True
        return bool(status != "LATER")

    def _gone(self, connection: Connection) -> None:
        self.connections.remove(connection)
        if not self.connections:
            self.connected.clear()

    async def _close_later(self, connection: Connection) -> None:
        await asyncio.sleep(self._world.patience.silent)
        await connection.ws.close()

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

"""The robot's WebSocket server. Source: developer.work.weixin.qq.com 101463."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.fake_wecom.media import KINDS, Media
from sandbox.fake_wecom.robot_chats import RobotChats
from sandbox.fake_wecom.world import Request, World, answered
from sandbox.transcript import Bubble

ANSWERABLE = timedelta(hours=24)
STREAM = timedelta(minutes=6)
_RESPONSES = frozenset({"stream", "template_card", "markdown", "stream_with_template_card"}) | KINDS
_PUSHES = frozenset({"markdown", "template_card"}) | KINDS
_WELCOMES = frozenset({"text", "template_card"})


@dataclass(slots=True)
class _Call:
    """A callback that was sent, and what may still be answered to it."""

    kind: str
    chat_id: str
    at: datetime
    sent: float
    bubble: Bubble | None = None
    streams: dict[str, datetime] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    """Nothing more is to be waited for: it was answered, or something was pushed into its chat."""
    updated: bool = False


class RobotServer:
    def __init__(self, world: World, chats: RobotChats, media: Media) -> None:
        self._world = world
        self._chats = chats
        self._media = media
        self._current: web.WebSocketResponse | None = None
        self._calls: dict[str, _Call] = {}
        self._last_click: dict[str, _Call] = {}
        self._busy: set[str] = set()
        self._handling: set[asyncio.Task[None]] = set()
        self.connections = 0
        """How often the robot subscribed."""
        self.connected = asyncio.Event()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    self._take(ws, json.loads(message.data))
        finally:
            if self._current is ws:
                self._current = None
                self.connected.clear()
        return ws

    # --- what the robot is told -----------------------------------------------------------------

    async def tell(
        self, body: Mapping[str, Any], kind: str, chat_id: str, bubble: Bubble | None = None
    ) -> _Call | None:
        """Push a callback: `kind` is message, welcome or click. Where nobody is connected it is lost."""
        ws = self._current
        if ws is None:
            return None
        req_id = self._world.new_id("req-")
        call = self._calls[req_id] = _Call(kind, chat_id, self._world.clock.now(), time.monotonic(), bubble)
        if kind == "click":
            self._last_click[self._chats.conversation(chat_id)] = call
        cmd = "aibot_msg_callback" if kind == "message" else "aibot_event_callback"
        frame = {"cmd": cmd, "headers": {"req_id": req_id}, "body": body}
        for _ in range(2 if self._world.faults.twice else 1):
            await _send(ws, frame)
        return call

    async def drop(self) -> None:
        """Break the connection without a word."""
        if self._current is not None:
            writer = self._current._writer  # noqa: SLF001 - aiohttp has no other way to be rude
            if writer is not None and writer.transport is not None:
                writer.transport.abort()

    async def kick(self) -> None:
        """What happens to a connection when a newer one subscribes."""
        ws, self._current = self._current, None
        if ws is not None:
            body = self._chats.event("", None, {"eventtype": "disconnected_event"})
            body.pop("from")
            headers = {"req_id": self._world.new_id("req-")}
            await _send(ws, {"cmd": "aibot_event_callback", "headers": headers, "body": body})
            await ws.close(message=b"a new connection was established")

    async def close(self) -> None:
        if self._current is not None:
            await self._current.close()

    # --- what the robot sends -------------------------------------------------------------------

    def _take(self, ws: web.WebSocketResponse, frame: Mapping[str, Any]) -> None:
        req_id = frame["headers"]["req_id"]
        overlapping = req_id in self._busy
        self._busy.add(req_id)
        task = asyncio.create_task(self._handle(ws, frame, overlapping=overlapping))
        self._handling.add(task)
        task.add_done_callback(self._handling.discard)

    async def _handle(
        self, ws: web.WebSocketResponse, frame: Mapping[str, Any], *, overlapping: bool
    ) -> None:
        cmd, req_id, faults = frame["cmd"], frame["headers"]["req_id"], self._world.faults
        told: dict[str, Any] = {}
        try:
            if faults.slow:
                await asyncio.sleep(faults.slow)
            if overlapping:
                code = 6000
            elif cmd == "aibot_subscribe":
                code = await self._subscribe(ws, frame["body"])
            else:
                code, told = self._code(ws, cmd, req_id, frame.get("body") or {})
        finally:
            if not overlapping:
                self._busy.discard(req_id)
        self._world.requests.append(Request(cmd, frame.get("body"), code))
        if not faults.mute:
            more = {"body": told} if told else {}
            await _send(ws, {"headers": {"req_id": req_id}, **answered(code), **more})

    async def _subscribe(self, ws: web.WebSocketResponse, body: Mapping[str, Any]) -> int:
        robot = self._chats.robot
        if body.get("bot_id") != robot.bot_id:
            return 93019
        if body.get("secret") != robot.secret:
            return 853000
        if self._current is not ws:
            await self.kick()
        self._current = ws
        self.connections += 1
        self.connected.set()
        return 0

    def _code(
        self, ws: web.WebSocketResponse, cmd: str, req_id: str, body: Mapping[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        """The error code, and what the acknowledgement brings beside it."""
        if self._current is not ws:
            return 846609, {}
        if cmd == "ping":
            return 0, {}
        if self._world.faults.next_robot_errors:
            return self._world.faults.next_robot_errors.popleft(), {}
        if cmd == "aibot_upload_media_init":
            return self._media.begin(body)
        if cmd == "aibot_upload_media_finish":
            return self._media.finish(body)
        return self._taken(cmd, req_id, body), {}

    def _taken(self, cmd: str, req_id: str, body: Mapping[str, Any]) -> int:
        if cmd == "aibot_upload_media_chunk":
            return self._media.chunk(body)
        if cmd == "aibot_send_msg":
            return self._push(body)
        return self._answer(cmd, self._calls.get(req_id), body)

    def _answer(self, cmd: str, call: _Call | None, body: Mapping[str, Any]) -> int:
        """Each kind of callback takes one kind of answer."""
        answers = {
            "aibot_respond_msg": ("message", self._respond),
            "aibot_respond_welcome_msg": ("welcome", self._welcome),
            "aibot_respond_update_msg": ("click", self._update),
        }
        if cmd not in answers:
            return 40058
        kind, answer = answers[cmd]
        if call is None or call.kind != kind:
            return 846605
        code = answer(call, body)
        if code == 0:
            call.answered.set()
        return code

    def _respond(self, call: _Call, body: Mapping[str, Any]) -> int:
        now = self._world.clock.now()
        if now - call.at > ANSWERABLE:
            return 846605
        stream = body.get("stream") if body.get("msgtype") == "stream" else None
        if isinstance(stream, Mapping):
            if "msg_item" in stream:
                return 40058  # the page says: not yet
            stream_id = str(stream.get("id"))
            started = call.streams.setdefault(stream_id, now)
            if stream_id in call.finished or now - started > STREAM:
                return 846608
            if stream.get("finish"):
                call.finished.add(stream_id)
        return self._chats.show(call.chat_id, body, _RESPONSES)

    def _welcome(self, call: _Call, body: Mapping[str, Any]) -> int:
        if time.monotonic() - call.sent > self._world.patience.update or call.answered.is_set():
            return 846605
        return self._chats.show(call.chat_id, body, _WELCOMES)

    def _update(self, call: _Call, body: Mapping[str, Any]) -> int:
        late = time.monotonic() - call.sent > self._world.patience.update
        if late or call.bubble is None or call.updated:
            return 846605
        code = self._chats.redraw(call.bubble, body)
        call.updated = code == 0
        return code

    def _push(self, body: Mapping[str, Any]) -> int:
        chat_id, chat_type = str(body.get("chatid", "")), body.get("chat_type", 0)
        if chat_id in self._world.groups and chat_type in {0, 2}:
            if chat_id not in self._chats.used:
                return 93001
            if body.get("msgtype") == "template_card" and not self._world.faults.group_cards:
                return 40008
        elif chat_type == 2 or chat_id.lower() not in self._chats.used:
            return 93006
        code = self._chats.show(chat_id, body, _PUSHES)
        if code == 0 and (click := self._last_click.pop(self._chats.conversation(chat_id), None)):
            click.answered.set()
        return code


async def _send(ws: web.WebSocketResponse, frame: Mapping[str, Any]) -> None:
    """A connection that has gone takes nothing, and nobody minds."""
    if not ws.closed:
        try:
            await ws.send_str(json.dumps(frame, ensure_ascii=False))
        except ConnectionError:
            return

"""The robot's callback address: encrypted JSON to the bot, answers in the response and by response_url.

Sources: developer.work.weixin.qq.com 101033 (envelope), 100719, 101031 (streams), 101138 (response_url).
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from sandbox.fake_wecom.app_phone import ATTEMPTS, PressResult
from sandbox.fake_wecom.crypto import NotOurs, Seal
from sandbox.fake_wecom.robot_chats import RobotChats
from sandbox.fake_wecom.world import World, answered
from sandbox.transcript import Bubble

RESPONSE_URL_VALID = timedelta(hours=1)
STREAM = timedelta(minutes=6)
_PASSIVE = {
    "message": frozenset({"template_card", "stream"}),
    "stream": frozenset({"stream"}),
    "welcome": frozenset({"text", "template_card"}),
}


@dataclass(slots=True)
class _ResponseUrl:
    chat_id: str
    group: bool
    issued: datetime
    used: bool = False


class RobotAddress:
    def __init__(
        self,
        world: World,
        chats: RobotChats,
        seal: Seal,
        *,
        session: aiohttp.ClientSession,
        callback_url: str,
        base_url: str,
    ) -> None:
        self._world = world
        self._chats = chats
        self._seal = seal
        self._session = session
        self._url = callback_url
        self._base_url = base_url
        self._response_urls: dict[str, _ResponseUrl] = {}

    async def verify(self) -> bool:
        """The console's question whether the address is the bot's."""
        secret = secrets.token_hex(8)
        query = self._query(echo := self._seal.encrypt(secret)) | {"echostr": echo}
        try:
            async with asyncio.timeout(self._world.patience.verify):
                async with self._session.get(self._url, params=query) as response:
                    return response.status == 200 and await response.read() == secret.encode()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def tell(self, body: dict[str, Any], kind: str, chat_id: str, *, group: bool) -> bool:
        """A message or a welcome; whether the bot took it. A message is sent again until it is."""
        body["response_url"] = self._new_response_url(chat_id, group=group)
        for _ in range(2 if self._world.faults.twice else 1):
            reply = await self._delivered(body, ATTEMPTS if kind == "message" else 1)
            if reply:
                self._show(chat_id, reply, _PASSIVE[kind])
        await self._poll(body, chat_id, reply)
        return reply is not None

    async def press(self, body: dict[str, Any], chat_id: str, bubble: Bubble, *, group: bool) -> PressResult:
        """A click, sent once."""
        body["response_url"] = self._new_response_url(chat_id, group=group)
        started = time.monotonic()
        reply = await self._post(body)
        updated = False
        if reply:
            code = self._chats.redraw(bubble, reply)
            updated = code == 0
            if code:
                self._world.complaints.append(f"robot's card update: {code}")
        return PressResult(reply is not None, updated, time.monotonic() - started)

    def respond(self, code: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What is posted to a response_url: once, within the hour, and a card only to a person."""
        way = self._response_urls.get(code)
        if way is None or self._world.clock.now() - way.issued > RESPONSE_URL_VALID:
            return answered(60140)
        if way.used:
            return answered(42022)
        allowed = {"markdown"} if way.group else {"markdown", "template_card"}
        refused = self._chats.show(way.chat_id, body, frozenset(allowed))
        way.used = refused == 0
        return answered(refused)

    # --- the wire -------------------------------------------------------------------------------

    async def _poll(self, message: dict[str, Any], chat_id: str, reply: Mapping[str, Any] | None) -> None:
        """An unfinished stream is asked for until it is finished, or for six minutes."""
        until = self._world.clock.now() + STREAM
        while reply and reply.get("msgtype") == "stream" and not reply["stream"].get("finish"):
            if self._world.clock.now() > until:
                return
            await asyncio.sleep(self._world.patience.poll)
            stream = {"id": reply["stream"]["id"]}
            body = {**message, "msgid": self._world.new_id("poll-"), "msgtype": "stream", "stream": stream}
            body.pop("text", None)
            reply = await self._post(body)
            if reply:
                self._show(chat_id, reply, _PASSIVE["stream"])

    async def _delivered(self, body: Mapping[str, Any], attempts: int) -> dict[str, Any] | None:
        for _ in range(attempts):
            reply = await self._post(body)
            if reply is not None:
                if self._world.faults.lose_replies <= 0:
                    return reply
                self._world.faults.lose_replies -= 1
        return None

    async def _post(self, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """The decrypted reply, empty where there was none; None where the bot did not take the callback."""
        encrypted = self._seal.encrypt(json.dumps(body, ensure_ascii=False))
        query = self._query(encrypted)
        try:
            async with asyncio.timeout(self._world.patience.reply):
                async with self._session.post(
                    self._url, params=query, json={"encrypt": encrypted}
                ) as response:
                    text = await response.text() if response.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None
        if text is None:
            return None
        try:
            return self._opened(text, query["nonce"]) if text else {}
        except (NotOurs, ValueError, KeyError) as error:
            self._world.complaints.append(f"robot's passive reply: {error}")
            return {}

    def _opened(self, text: str, nonce: str) -> dict[str, Any]:
        envelope = json.loads(text)
        if envelope["nonce"] != nonce:
            raise NotOurs("nonce is not the callback's")
        if not isinstance(envelope["timestamp"], int):
            raise NotOurs("timestamp is no number")
        plain = self._seal.open_reply(
            envelope["encrypt"], envelope["msgsignature"], str(envelope["timestamp"]), nonce
        )
        reply: dict[str, Any] = json.loads(plain)
        return reply

    def _show(self, chat_id: str, reply: Mapping[str, Any], allowed: frozenset[str]) -> None:
        if code := self._chats.show(chat_id, reply, allowed):
            self._world.complaints.append(f"robot's passive reply: {code}")

    def _query(self, encrypted: str) -> dict[str, str]:
        timestamp, nonce = str(int(self._world.clock.now().timestamp())), secrets.token_hex(5)
        signature = self._seal.sign(timestamp, nonce, encrypted)
        return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}

    def _new_response_url(self, chat_id: str, *, group: bool) -> str:
        code = self._world.new_id("answer-")
        self._response_urls[code] = _ResponseUrl(chat_id, group, self._world.clock.now())
        return f"{self._base_url}/cgi-bin/aibot/response?response_code={code}"

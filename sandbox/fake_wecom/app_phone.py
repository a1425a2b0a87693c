"""What people do in the app's private chat, sent to the bot's callback address, and its answers on the phone.

Sources: developer.work.weixin.qq.com 90238 (transport), 90239, 90240 (sent), 90241 (may come back).
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import aiohttp

from sandbox.fake_wecom.card_xml import card_of
from sandbox.fake_wecom.cards import APP, refusal
from sandbox.fake_wecom.crypto import NotOurs, Seal
from sandbox.fake_wecom.drawing import cut
from sandbox.fake_wecom.messages import Messages, private_id
from sandbox.fake_wecom.world import World
from sandbox.transcript import Bubble

ATTEMPTS = 4
"""Once, and three times again."""
_CARD_ANSWERS = frozenset({"update_button", "update_template_card"})


@dataclass(frozen=True, slots=True)
class PressResult:
    """Whether the bot took the click in time, whether the card changed, and after how many seconds."""

    acked: bool
    updated: bool
    seconds: float


class AppPhone:
    def __init__(
        self,
        world: World,
        messages: Messages,
        seal: Seal,
        *,
        corp_id: str,
        agent_id: int,
        session: aiohttp.ClientSession,
        callback_url: str,
    ) -> None:
        self._world = world
        self._messages = messages
        self._seal = seal
        self._corp_id = corp_id
        self._agent_id = agent_id
        self._session = session
        self._url = callback_url

    async def verify(self) -> bool:
        """The console's question whether the address is the bot's: asked when it is saved."""
        secret = secrets.token_hex(8)
        echo = self._seal.encrypt(secret)
        query = {**self._query(echo), "echostr": echo}
        try:
            async with asyncio.timeout(self._world.patience.verify):
                async with self._session.get(self._url, params=query) as response:
                    return response.status == 200 and await response.read() == secret.encode()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def say(self, user_id: str, kind: str, **elements: Any) -> bool:
        """A message of one of the kinds that an app gets; whether the bot took it."""
        message_id = time.time_ns()  # 64 bits, and different after a restart of the sandbox
        fields = {"MsgType": kind, **elements, "MsgId": message_id, "AgentID": self._agent_id}
        return (await self._tell(user_id, fields))[0]

    async def open(self, user_id: str) -> bool:
        fields = {"MsgType": "event", "Event": "enter_agent", "EventKey": "", "AgentID": self._agent_id}
        return (await self._tell(user_id, fields))[0]

    async def contact_changed(self, change_type: str, told: Mapping[str, Any]) -> bool:
        """The directory has changed: it comes from `sys` and has no id."""
        fields = {"MsgType": "event", "Event": "change_contact", "ChangeType": change_type, **told}
        return (await self._tell("sys", fields))[0]

    async def press(self, user_id: str, bubble: Bubble, key: str) -> PressResult:
        started = time.monotonic()
        fields = {
            "MsgType": "event",
            "Event": "template_card_event",
            "EventKey": key,
            "TaskId": bubble.card_ref,
            "CardType": bubble.seen_by(user_id).content.get("card_type", ""),
            "ResponseCode": self._messages.new_code(bubble.card_ref),
            "AgentID": self._agent_id,
        }
        acked, updated = await self._tell(user_id, fields, task_id=bubble.card_ref)
        return PressResult(acked, updated, time.monotonic() - started)

    # --- the callback ---------------------------------------------------------------------------

    async def _tell(self, user_id: str, fields: Mapping[str, Any], *, task_id: str = "") -> tuple[bool, bool]:
        """Send a callback until it is taken; whether it was, and whether the answer changed a card."""
        xml = _xml(
            {
                "ToUserName": self._corp_id,
                "FromUserName": self._world.spelled(user_id),
                "CreateTime": int(self._world.clock.now().timestamp()),
                **fields,
            }
        )
        body = await self._delivered(xml)
        if self._world.faults.twice:
            await self._post(xml)
        if body is None:
            return False, False
        return True, self._apply(user_id, body, task_id)

    async def _delivered(self, xml: str) -> str | None:
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(self._world.patience.retry)
            body = await self._post(xml)
            if body is not None:
                if self._world.faults.lose_replies <= 0:
                    return body
                self._world.faults.lose_replies -= 1
        return None

    async def _post(self, xml: str) -> str | None:
        """The body of a 200 in time, None for everything else. Each attempt is wrapped anew."""
        encrypted = self._seal.encrypt(xml)
        envelope = _xml({"ToUserName": self._corp_id, "AgentID": self._agent_id, "Encrypt": encrypted})
        try:
            async with asyncio.timeout(self._world.patience.reply):
                async with self._session.post(
                    self._url, params=self._query(encrypted), data=envelope.encode()
                ) as response:
                    return await response.text() if response.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None

    def _query(self, encrypted: str) -> dict[str, str]:
        timestamp = str(int(self._world.clock.now().timestamp()))
        nonce = secrets.token_hex(5)
        return {
            "msg_signature": self._seal.sign(timestamp, nonce, encrypted),
            "timestamp": timestamp,
            "nonce": nonce,
        }

    # --- the answer -----------------------------------------------------------------------------

    def _apply(self, user_id: str, body: str, task_id: str) -> bool:
        """Show what came back. What may not stand there is thrown away in silence, as the platform does."""
        if body in {"", "success"}:
            return False
        try:
            reply = self._opened(body)
            return self._show(user_id, reply, task_id)
        except (NotOurs, ET.ParseError, ValueError) as error:
            self._world.complaints.append(f"passive reply: {error}")
            return False

    def _opened(self, body: str) -> ET.Element:
        envelope = ET.fromstring(body)  # noqa: S314 - the bot's own answer
        parts = [envelope.findtext(name) or "" for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")]
        reply = ET.fromstring(self._seal.open_reply(*parts))  # noqa: S314 - the same
        if reply.findtext("FromUserName") != self._corp_id:
            raise NotOurs("FromUserName is not the corp id")
        return reply

    def _show(self, user_id: str, reply: ET.Element, task_id: str) -> bool:
        kind = reply.findtext("MsgType") or ""
        if (reply.findtext("ToUserName") or "").lower() != user_id.lower():
            raise NotOurs("ToUserName is somebody else")
        if (kind in _CARD_ANSWERS) != bool(task_id):
            raise NotOurs(f"{kind} is no answer to this")
        if kind == "text":
            content = cut(reply.findtext("Content") or "")
            self._world.from_bot(private_id(user_id), kind="text", text=content)
            return False
        if kind == "update_button":
            label = reply.findtext("Button/ReplaceName") or ""
            return self._messages.redraw(task_id, user_id, None, label)
        if kind != "update_template_card":
            raise NotOurs(f"{kind} is not known")
        element = reply.find("TemplateCard")
        card = card_of(element) if element is not None else {}
        if code := refusal(card, APP, update=True):
            raise NotOurs(f"card refused with {code}")
        return self._messages.redraw(task_id, user_id, card)


def _xml(fields: Mapping[str, Any]) -> str:
    """Texts in CDATA and numbers bare, as the platform writes them."""
    return (
        "<xml>" + "".join(f"<{name}>{_wrapped(value)}</{name}>" for name, value in fields.items()) + "</xml>"
    )


def _wrapped(value: Any) -> str:
    if isinstance(value, int | float):
        return str(value)
    return "<![CDATA[" + str(value).replace("]]>", "]]]]><![CDATA[>") + "]]>"

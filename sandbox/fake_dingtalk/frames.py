"""What travels on the stream: a push with its frame, and the connection it takes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

MESSAGE_TOPIC = "/v1.0/im/bot/messages/get"
CARD_TOPIC = "/v1.0/card/instances/callback"

Topic = tuple[str, str]
"""A subscription: `("CALLBACK", "/v1.0/im/bot/messages/get")`, `("EVENT", "*")`."""


@dataclass(slots=True)
class Connection:
    """One client. `dead` never answers again although its TCP connection stands; `leaving` gets no pushes."""

    id: str
    topics: frozenset[Topic]
    ws: web.WebSocketResponse
    transport: asyncio.Transport | None
    dead: bool = False
    leaving: bool = False


@dataclass(slots=True)
class Push:
    """A push on its way; `ack` is the client's frame once it came. `message_ids` has one for each delivery."""

    kind: Literal["CALLBACK", "EVENT"]
    topic: str
    data: str
    headers: Mapping[str, str] = field(default_factory=dict)
    message_ids: list[str] = field(default_factory=list)
    acked: asyncio.Event = field(default_factory=asyncio.Event)
    ack: Mapping[str, Any] = field(default_factory=dict)

    async def wait(self, seconds: float) -> bool:
        """Whether the acknowledgement comes in time."""
        try:
            async with asyncio.timeout(seconds):
                await self.acked.wait()
        except TimeoutError:
            return False
        return True

    def frame(self, connection_id: str, message_id: str, millis: int) -> str:
        """The frame of one delivery, as the platform writes it: `data` is JSON in a string."""
        headers = {
            "appId": "app-1",
            "connectionId": connection_id,
            "contentType": "application/json",
            "messageId": message_id,
            "time": str(millis),
            "topic": self.topic,
            **self.headers,
        }
        frame = {"specVersion": "1.0", "type": self.kind, "headers": headers, "data": self.data}
        return json.dumps(frame, ensure_ascii=False)

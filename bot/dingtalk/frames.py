"""The frames of DingTalk's stream: what is subscribed to, and what is answered. Pure.

A frame is `{"type","headers":{"messageId","topic","time",…},"data":"<JSON>"}`; its answer names the same
`messageId`, and its `data` is again a JSON string. Names and codes are those of the `dingtalk-stream` package.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dingtalk_stream import ChatbotMessage
from dingtalk_stream.card_callback import Card_Callback_Router_Topic
from dingtalk_stream.frames import AckMessage, CallbackMessage, EventMessage, SystemMessage

SYSTEM: str = SystemMessage.TYPE
EVENT: str = EventMessage.TYPE
CALLBACK: str = CallbackMessage.TYPE
BOT_TOPIC: str = ChatbotMessage.TOPIC
CARD_TOPIC: str = Card_Callback_Router_Topic
DISCONNECT: str = SystemMessage.TOPIC_DISCONNECT
PING = "ping"

OK: int = AckMessage.STATUS_OK
BAD_REQUEST: int = AckMessage.STATUS_BAD_REQUEST
NOT_HANDLED: int = AckMessage.STATUS_NOT_IMPLEMENT
FAILED: int = AckMessage.STATUS_SYSTEM_EXCEPTION

SUBSCRIPTIONS = (
    {"type": EVENT, "topic": "*"},
    {"type": CALLBACK, "topic": BOT_TOPIC},
    {"type": CALLBACK, "topic": CARD_TOPIC},
)

NOTHING = '{"response":null}'
"""A message's answer does not travel in the acknowledgement."""
UNCHANGED = '{"response":{}}'
"""The pressed card stays as it is."""
LATER = '{"status":"LATER"}'
"""An event that could not be kept: it comes again."""
TAKEN = '{"status":"SUCCESS","message":"ok"}'
"""An event without a status may come again."""


def ack(message_id: str, data: str = NOTHING, code: int = OK) -> str:
    """The answer to a frame; `data` is already JSON."""
    return json.dumps(
        {
            "code": code,
            "headers": {"messageId": message_id, "contentType": "application/json"},
            "message": "OK" if code == OK else "error",
            "data": data,
        },
        ensure_ascii=False,
    )


def redrawn(update: Mapping[str, Any]) -> str:
    """The `data` that changes the pressed card for everybody who sees it."""
    return json.dumps({"response": update}, ensure_ascii=False)

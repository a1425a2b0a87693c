"""A bot made with DingTalk's own client: `python dingtalk_sdk_client.py BASE_URL CLIENT_ID CLIENT_SECRET`.

It repeats what it hears, sends a card when it is asked for one, and writes on a pressed card who pressed it.
"""

from __future__ import annotations

import os
import sys
from typing import Any

BASE_URL, CLIENT_ID, CLIENT_SECRET = sys.argv[1:]
os.environ["DINGTALK_OPENAPI_ENDPOINT"] = BASE_URL  # read when the library is imported
os.environ["NO_PROXY"] = "127.0.0.1"

import dingtalk_stream  # noqa: E402 - see above
from dingtalk_stream import AckMessage, CallbackMessage, ChatbotMessage  # noqa: E402 - see above

APPROVE = {"text": "同意", "color": "blue", "id": "ok", "request": True}


class Parrot(dingtalk_stream.ChatbotHandler):  # type: ignore[misc]  # the library has no types
    async def process(self, callback: CallbackMessage) -> tuple[int, str]:
        message = ChatbotMessage.from_dict(callback.data)
        words = message.text.content.strip()
        if words == "发张卡":
            self.reply_markdown_button(message, "按一下", [APPROVE], title="审批")
        else:
            self.reply_text(f"{message.sender_nick} 说:{words}", message)
        return AckMessage.STATUS_OK, "OK"


class Pressed(dingtalk_stream.CallbackHandler):  # type: ignore[misc]  # the library has no types
    async def process(self, callback: CallbackMessage) -> tuple[int, dict[str, Any]]:
        told = dingtalk_stream.CardCallbackMessage.from_dict(callback.data)
        [action] = told.content["cardPrivateData"]["actionIds"]
        face = {"cardParamMap": {"markdown": f"{told.user_id} 按了 {action}"}}
        return AckMessage.STATUS_OK, {"cardData": face, "cardUpdateOptions": {"updateCardDataByKey": True}}


client = dingtalk_stream.DingTalkStreamClient(dingtalk_stream.Credential(CLIENT_ID, CLIENT_SECRET))
client.register_callback_handler(ChatbotMessage.TOPIC, Parrot())
client.register_callback_handler(dingtalk_stream.CallbackHandler.TOPIC_CARD_CALLBACK, Pressed())
client.register_all_event_handler(dingtalk_stream.EventHandler())
client.start_forever()

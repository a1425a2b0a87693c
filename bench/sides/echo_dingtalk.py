"""The official SDK with its stock synchronous reply, nothing stored: what a bot costs that remembers nothing.

Its address comes from DINGTALK_OPENAPI_ENDPOINT, which the SDK reads when it is imported.
"""

from __future__ import annotations

import asyncio
import logging
import sys

from dingtalk_stream import (
    AckMessage,
    CallbackMessage,
    ChatbotHandler,
    ChatbotMessage,
    Credential,
    DingTalkStreamClient,
)


class Echo(ChatbotHandler):  # type: ignore[misc]  # the SDK has no types
    async def process(self, callback: CallbackMessage) -> tuple[int, str]:
        message = ChatbotMessage.from_dict(callback.data)
        self.reply_text(message.text.content, message)
        return AckMessage.STATUS_OK, "OK"


async def main(client_id: str, secret: str) -> None:
    logging.disable(logging.INFO)
    client = DingTalkStreamClient(Credential(client_id, secret))
    client.register_callback_handler(ChatbotMessage.TOPIC, Echo())
    await client.start()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))

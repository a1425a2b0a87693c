"""Files that people send the robot: encrypted behind an address that is good for five minutes.

Source: developer.work.weixin.qq.com 100719. The app is sent no files at all (90239).
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.fetching import Missed, fetch
from bot.wecom.crypto import BLOCK, Refused, open_file
from chat.events import Message, NotFetched
from chat.files import may_be_table

log = structlog.get_logger("wecom")


async def filled(message: Message, aes_key: str = "") -> Message:
    """The message with what could be fetched of its file. The key comes with the message, or is the robot's own."""
    attachment = message.attachment
    if attachment is None:
        return message
    bare = replace(attachment, code="", key="")
    try:
        fetched = await fetch(attachment.code, padded_by=BLOCK)
        bare = replace(bare, name=fetched.name)
        if not may_be_table(fetched.name):
            return replace(message, attachment=replace(bare, why=NotFetched.KIND))
        return replace(
            message, attachment=replace(bare, content=_opened(fetched.content, attachment.key or aes_key))
        )
    except Missed as missed:
        log.info("file_not_fetched", why=str(missed.why), reason=str(missed))
        return replace(message, attachment=replace(bare, why=missed.why))


def _opened(content: bytes, aes_key: str) -> bytes:
    try:
        return open_file(content, aes_key)
    except Refused as refused:
        raise Missed(NotFetched.UNREACHABLE, str(refused)) from None

"""Files that people send the robot: a code comes with the message, an address for the code, the file for the address.

Both are good for a short while. Source: open.dingtalk.com, "download the file content of the robot receiving message".
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.dingtalk.api import DingTalkApi
from bot.fetching import Missed, fetch
from chat.errors import Rejected, Unreachable
from chat.events import Message, NotFetched
from chat.files import may_be_table

log = structlog.get_logger("dingtalk")


class Inbox:
    def __init__(self, api: DingTalkApi, robot_code: str) -> None:
        self._api = api
        self._robot_code = robot_code

    async def filled(self, message: Message) -> Message:
        """The message with what could be fetched of its file. Costs a call only where the name may be a table's."""
        attachment = message.attachment
        if attachment is None:
            return message
        bare = replace(attachment, code="")
        if not may_be_table(attachment.name):
            return replace(message, attachment=replace(bare, why=NotFetched.KIND))
        try:
            content = (await fetch(await self._address(attachment.code))).content
        except Missed as missed:
            log.info("file_not_fetched", why=str(missed.why), reason=str(missed))
            return replace(message, attachment=replace(bare, why=missed.why))
        return replace(message, attachment=replace(bare, content=content))

    async def _address(self, code: str) -> str:
        try:
            address = await self._api.file_address(self._robot_code, code)
        except Rejected as refusal:
            raise Missed(NotFetched.GONE, refusal.reason) from None
        except Unreachable as failed:
            raise Missed(NotFetched.UNREACHABLE, failed.reason) from None
        if not address:
            raise Missed(NotFetched.GONE, "no address")
        return address

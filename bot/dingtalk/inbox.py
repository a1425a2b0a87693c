"""Files that people send the robot: a code comes with the message, an address for the code, the file for the address.

Both are good for a short while. Source: open.dingtalk.com, "download the file content of the robot receiving message".
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.dingtalk.api import DingTalkApi
from bot.fetching import Missed, fetch
from chat.errors import Rejected, Unreachable
from chat.events import Attachment, Message, NotFetched
from chat.files import may_be_table

log = structlog.get_logger("dingtalk")


class Inbox:
    def __init__(self, api: DingTalkApi, robot_code: str) -> None:
        self._api = api
        self._robot_code = robot_code

    async def filled(self, message: Message) -> Message:
        """The message with what could be fetched of its file. Costs a call only where the name may be a table's.

        What DingTalk refuses is counted by it as well; what does not get through is not.
        """
        attachment = message.attachment
        if attachment is None:
            return message
        bare = replace(attachment, code="")
        if not may_be_table(attachment.name):
            return replace(message, attachment=replace(bare, why=NotFetched.KIND))
        try:
            address = await self._api.file_address(self._robot_code, attachment.code)
        except Rejected as refusal:
            return _missed(message, replace(bare, calls=1), Missed(NotFetched.GONE, refusal.reason))
        except Unreachable as failed:
            return _missed(message, bare, Missed(NotFetched.UNREACHABLE, failed.reason))
        asked = replace(bare, calls=1)
        if not address:
            return _missed(message, asked, Missed(NotFetched.GONE, "no address"))
        try:
            content = (await fetch(address)).content
        except Missed as missed:
            return _missed(message, asked, missed)
        return replace(message, attachment=replace(asked, content=content))


def _missed(message: Message, attachment: Attachment, missed: Missed) -> Message:
    log.info("file_not_fetched", why=str(missed.why), reason=str(missed))
    return replace(message, attachment=replace(attachment, why=missed.why))

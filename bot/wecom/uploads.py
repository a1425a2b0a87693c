"""Giving WeCom pictures and files: an upload is known for three days, so a retry or the next person costs none.

Sources: developer.work.weixin.qq.com 96484 (app), 101463 (robot).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.wecom.errcodes import MEDIA_ID, is_one_of
from chat.errors import Rejected
from chat.files import PNG, Files, Outgoing

LIVES = 3 * 24 * 3600.0 - 3600.0
"""Seconds for which an upload is used again: an hour less than it is kept."""

log = structlog.get_logger("wecom")


@dataclass(frozen=True, slots=True)
class Uploads:
    """`channel` is whose uploads they are; `upload` takes a file and its kind, image or file, and gives its media id."""

    channel: str
    upload: Callable[[Outgoing, str], Awaitable[str]]

    async def send(self, file: Outgoing, files: Files, send: Callable[[str, str], Awaitable[None]]) -> int:
        """Upload the file if need be and `send` it by its kind and media id; how many calls that took.

        None, 0, where WeCom does not take the file. Raises Unreachable, and Rejected where it is the receiver's fault.
        """
        kind = "image" if file.media_type == PNG else "file"
        try:
            known = await files.uploaded(file.ref, self.channel)
            if known and await self._still_known(file, files, lambda: send(kind, known)):
                return 1
            media_id = await self.upload(file, kind)
            await files.keep_upload(file.ref, self.channel, media_id, LIVES)
            await send(kind, media_id)
        except Rejected as refusal:
            if refusal.receiver:
                raise
            log.warning("file refused", name=file.name, code=refusal.code, reason=refusal.reason)
            return 0
        return 2

    async def _still_known(self, file: Outgoing, files: Files, send: Callable[[], Awaitable[None]]) -> bool:
        try:
            await send()
        except Rejected as refusal:
            if not is_one_of(refusal, {MEDIA_ID}):
                raise
            await files.forget_upload(file.ref, self.channel)
            return False
        return True

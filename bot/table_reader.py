"""Has the tables that people send read in a process apart, before anything is done with them."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

import structlog

from chat.events import Attachment, Click, Message, Opened
from sheets.apart import heard
from sheets.errors import BadTable
from sheets.table import Table

log = structlog.get_logger(__name__)

PATIENCE = 30.0
"""Seconds for one file, its turn not counted."""


class TableReader:
    """One file at a time; whoever sends one meanwhile waits."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def of(self, event: Message | Click | Opened) -> Table | BadTable | None:
        """The table that came with an event, or why it is none; None where no file came, or it could not be fetched."""
        attachment = event.attachment if isinstance(event, Message) else None
        if attachment is None or attachment.why is not None:
            return None
        try:
            async with self._turn, asyncio.timeout(PATIENCE):
                return heard(await _told(attachment))
        except BadTable as bad:
            return bad
        except (OSError, TimeoutError, ValueError) as error:
            log.warning("table_not_read", error=type(error).__name__)
            return BadTable(f"{attachment.name or '这个文件'} 太大或太复杂,读不完,请分成几个小一点的文件")


async def _told(attachment: Attachment) -> bytes:
    return await apart("read", attachment.name or "这个文件", attachment.content)


async def apart(how: str, name: str, content: bytes) -> bytes:
    """What `sheets.apart` makes of a content."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sheets.apart",
        how,
        name,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        answer, _ = await process.communicate(content)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return answer

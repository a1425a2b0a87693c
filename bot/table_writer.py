"""Has the tables that people ask for written in a process apart, when they leave and not when they are asked for."""

from __future__ import annotations

import asyncio

import structlog

from bot.table_reader import apart
from chat.files import CSV, XLSX, File

log = structlog.get_logger(__name__)

PATIENCE = 60.0
MEDIA_TYPES = {".xlsx": XLSX, ".csv": CSV}


class TableWriter:
    """One file at a time; whoever wants one meanwhile waits."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def written(self, file: File) -> tuple[str, bytes]:
        """Media type and content of the file that a kept table becomes, by how its name ends; empty where that fails."""
        ending = ".csv" if file.name.endswith(".csv") else ".xlsx"
        try:
            async with self._turn, asyncio.timeout(PATIENCE):
                content = await apart("write", ending, file.content)
        except (OSError, TimeoutError) as error:
            log.error("table_not_written", error=type(error).__name__)  # noqa: TRY400  # no traceback tells more
            return "", b""
        if not content:
            log.error("table_not_written", error="no table")
        return MEDIA_TYPES[ending], content

"""A folder that other systems put tables into: each file is read once, told by its content and not by its name."""

from __future__ import annotations

import asyncio
import fnmatch
import hashlib
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from okr.pulling import PullFailed, Trouble
from sheets.errors import BadTable
from sheets.reading import MAX_BYTES, read_table

SETTLED = 5.0
"""Seconds for which nobody has written to a file: before, it may be half of one."""
UNFINISHED = (".tmp", ".part", ".crdownload", ".swp", "~")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that has not been read yet: `digest` of its content."""

    path: Path
    digest: str


async def fresh(folder: str, pattern: str, known: Collection[str]) -> list[Found]:
    """Files whose content is not known, the oldest first. Raises PullFailed."""
    return await asyncio.to_thread(lambda: list(_fresh(Path(folder), pattern, set(known))))


def _fresh(folder: Path, pattern: str, known: set[str]) -> Iterator[Found]:
    try:
        files = sorted((path.stat().st_mtime, path) for path in folder.iterdir() if _is_meant(path, pattern))
        for written, path in files:
            if time.time() - written < SETTLED:
                continue
            if path.stat().st_size > MAX_BYTES:
                raise PullFailed(Trouble.TOO_LARGE, path.name)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if digest not in known:
                known.add(digest)
                yield Found(path, digest)
    except OSError:
        raise PullFailed(Trouble.FILE) from None


def _is_meant(path: Path, pattern: str) -> bool:
    name = path.name
    return (
        not name.startswith((".", "~$"))
        and not name.lower().endswith(UNFINISHED)
        and fnmatch.fnmatch(name, pattern)
        and path.is_file()
    )


async def records(path: Path) -> list[Mapping[str, str]]:
    """The rows of a table, each by the headings. Raises PullFailed."""
    try:
        table = await asyncio.to_thread(read_table, path, path.name)
    except BadTable:
        raise PullFailed(Trouble.FILE, path.name) from None
    return [row.cells for row in table.rows]

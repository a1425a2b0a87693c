"""A folder that other systems put tables into: each file is read once, told by its content and not by its name."""

from __future__ import annotations

import asyncio
import fnmatch
import hashlib
import time
from collections.abc import AsyncGenerator, Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from okr.pulling import PullFailed, Trouble
from sheets.errors import BadTable, TooLong
from sheets.reading import unrolled
from storage.foreign import in_a_thread

SETTLED = 5.0
"""Seconds for which nobody has written to a file: before, it may be half of one."""
ROWS = 2_000
"""In one portion."""
UNFINISHED = (".tmp", ".part", ".crdownload", ".swp", "~")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that has not been read yet: `digest` of its content, and `in_part`, by which it is known where not all of it
    could be taken.
    """

    path: Path
    digest: str
    in_part: str


@dataclass(slots=True)
class Look:
    """What is in a folder: files to be read, and whether there are some of which a part could not be taken."""

    fresh: list[Found] = field(default_factory=list)
    wanting: bool = False


async def look(folder: str, pattern: str, known: Collection[str], meaning: str = "") -> Look:
    """Files whose content is not known, the oldest first. Raises PullFailed.

    `meaning`: what the content is understood by. What could not be taken under another is looked at again.
    """
    return await asyncio.to_thread(_look, Path(folder), pattern, set(known), meaning)


def _look(folder: Path, pattern: str, known: set[str], meaning: str) -> Look:
    found = Look()
    for file in _settled(folder, pattern):
        digest = _digest(file)
        in_part = hashlib.sha256(f"{digest} {meaning}".encode()).hexdigest()
        found.wanting |= in_part in known
        if not {digest, in_part} & known:
            known.add(digest)
            found.fresh.append(Found(file, digest, in_part))
    return found


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise PullFailed(Trouble.FILE) from None


def _settled(folder: Path, pattern: str) -> Iterator[Path]:
    try:
        files = sorted((path.stat().st_mtime, path) for path in folder.iterdir() if _is_meant(path, pattern))
        for written, path in files:
            if time.time() - written >= SETTLED:
                yield path
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


def records(path: Path, patience: float) -> AsyncGenerator[list[Mapping[str, str]], None]:
    """The rows of a table, each by the headings, a portion at a time. Raises PullFailed.

    `patience`: seconds for one of them.
    """
    return in_a_thread(_records(path), patience)


def _records(path: Path) -> Generator[list[Mapping[str, str]], None, None]:
    try:
        with unrolled(path, path.name) as table:
            while some := [row.cells for row in islice(table.rows, ROWS)]:
                yield some
    except TooLong:
        raise PullFailed(Trouble.TOO_LONG, path.name) from None
    except BadTable:
        raise PullFailed(Trouble.FILE, path.name) from None

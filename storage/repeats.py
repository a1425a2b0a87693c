"""Which of a great many texts have been there before: kept on the disk, so that millions of them need no memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from hashlib import blake2b
from types import TracebackType
from typing import Self

_BYTES = 16
_PRAGMAS = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -4000")


class Repeats:
    """Use it with `with`: what was kept goes away with it. The place of a text is how many were before it."""

    def __init__(self) -> None:
        # Without a name SQLite makes a file of its own and deletes it at once.
        self._kept = sqlite3.connect("", isolation_level=None)
        self._count = 0

    def __enter__(self) -> Self:
        for pragma in _PRAGMAS:
            self._kept.execute(f"PRAGMA {pragma}")
        self._kept.execute(
            "CREATE TABLE kept (text BLOB PRIMARY KEY, place INTEGER, line INTEGER) WITHOUT ROWID"
        )
        self._kept.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kept.close()

    def of(self, texts: Sequence[tuple[str, int]]) -> dict[int, int]:
        """Take in texts, each with its line: which of these were there before, by their index, and in which line."""
        rows = [
            (blake2b(text.encode(errors="surrogatepass"), digest_size=_BYTES).digest(), place, line)
            for place, (text, line) in enumerate(texts, self._count)
        ]
        begun, self._count = self._count, self._count + len(rows)
        before = self._kept.total_changes
        self._kept.executemany("INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows)
        if self._kept.total_changes - before == len(rows):
            return {}
        repeated: dict[int, int] = {}
        for text, place, _ in rows:
            first, line = self._kept.execute(
                "SELECT place, line FROM kept WHERE text = ?", (text,)
            ).fetchone()
            if first != place:
                repeated[place - begun] = line
        return repeated

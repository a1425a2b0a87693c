"""SQLite's write-ahead log copied into the database beside the writer, so that nobody's commit waits for it."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path

EVERY = 500
"""Changed rows: up to a thousand pages of the log, which take some ten milliseconds."""
PASSES = 3
"""While pages are copied others are written; the log begins anew after a pass that has met none."""
LONGEST_LOG = 8000
"""Pages after which a commit copies them itself: where a long read or a slow disk has kept this from it."""


class Checkpoints:
    """A thread with a connection of its own, which begins when there is something to be copied."""

    def __init__(self, path: Path | str) -> None:
        self._path = path
        self._copied = 0
        self._wanted = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._live, name="storage-checkpoints", daemon=True)

    def written(self, rows: int) -> None:
        """So many rows have been changed since the beginning. Called in the writer's thread."""
        if rows - self._copied < EVERY:
            return
        self._copied = rows
        if self._thread.ident is None:
            self._thread.start()
        self._wanted.set()

    def close(self) -> None:
        """Finish what has begun, and end the thread. Nothing is written any more."""
        self._ending = True
        self._wanted.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _live(self) -> None:
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(self._path, isolation_level=None)) as connection,
        ):
            connection.execute("PRAGMA synchronous=FULL")
            while True:
                self._wanted.wait()
                self._wanted.clear()
                if self._ending:
                    return
                _copy(connection)


def _copy(connection: sqlite3.Connection) -> None:
    for _ in range(PASSES):
        _, written, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if written == copied:
            return

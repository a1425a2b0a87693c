"""One process on one SQLite file: a second would take the first one's letters for left behind."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO


class AlreadyRunning(Exception):
    """Another bot is at work on this database file."""


class SingleProcess:
    """Holds a lock beside a database file; it goes with the process, however that ends."""

    def __init__(self, database_file: Path) -> None:
        self._path = database_file.with_name(f"{database_file.name}.lock")
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Raises AlreadyRunning while another process has it."""
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise AlreadyRunning(str(self._path)) from None
        self._file = file

    def give_back(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

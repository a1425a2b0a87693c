"""A file of settings that is looked at again: a valid change takes effect, an invalid one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.errors import BadSettings, Finding
from config.loading import load
from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Reloaded:
    """`changed`: `current` is new. `refused`: the file is wrong, and the old settings stay in force."""

    changed: bool = False
    refused: BadSettings | None = None


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What tells one state of the file from another; `changed_at` in nanoseconds, `size` in bytes."""

    inode: int
    changed_at: int
    size: int


class SettingsFile:
    """Raises BadSettings where the first reading fails. Who holds it decides when to look again."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self._path = path
        self._environ = environ
        self._seen = self._stamp()
        self._waited = False
        self.current: Settings = load(path, environ)

    def reload(self) -> Reloaded:
        """Look at the file; each state of it is judged once.

        Whoever takes the last administrator away is refused, too: of a running bot there is always one.
        An empty file is judged at the second look only: an editor that is saving may just have emptied it, and
        empty would mean the defaults.
        """
        stamp = self._stamp()
        if stamp == self._seen:
            self._waited = False
            return Reloaded()
        if stamp is not None and stamp.size == 0 and not self._waited:
            self._waited = True
            return Reloaded()
        self._waited = False
        self._seen = stamp
        try:
            settings = load(self._path, self._environ)
        except BadSettings as bad:
            return Reloaded(refused=bad)
        if self.current.company.admins and not settings.company.admins:
            return Reloaded(refused=BadSettings([self._without_admins()]))
        changed = settings != self.current
        self.current = settings
        return Reloaded(changed=changed)

    def _without_admins(self) -> Finding:
        """Without any, nobody could put back what was taken away: the last one stays."""
        were = "、".join(self.current.company.admins)
        return Finding(str(self._path), 0, "company.admins", f"空了,原来是 {were}", "至少留一个管理员的工号")

    def _stamp(self) -> _Stamp | None:
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return _Stamp(stat.st_ino, stat.st_mtime_ns, stat.st_size)

"""What is wrong with bot.yaml, finding by finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Where it stands, what was found there, and what is allowed. `line` is 0 where there is none."""

    file: str
    line: int
    key: str
    found: str
    allowed: str

    def __str__(self) -> str:
        place = f"{self.file} 第 {self.line} 行" if self.line else self.file
        key = f" {self.key}" if self.key else ""
        return f"{place}{key}:{self.found};{self.allowed}"


class BadSettings(Exception):
    """bot.yaml is wrong: the bot refuses to start, or keeps the old one."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


def why_unreadable(error: OSError) -> str:
    """Why a file could not be opened, in Chinese where that is known."""
    match error:
        case FileNotFoundError():
            return "没有这个文件"
        case PermissionError():
            return "没有权限读"
        case IsADirectoryError():
            return "是个文件夹"
    return f"读不了({error.strerror})"

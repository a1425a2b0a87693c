"""How long and how often is measured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.processes import Load


@dataclass(frozen=True, slots=True)
class Bench:
    """`seconds` is one side's share of a pair, `paced_seconds` one open-loop run, `commands` what memory is measured over."""

    folder: Path
    load: Load
    pairs: int = 5
    seconds: float = 1.5
    paced_seconds: float = 10.0
    commands: int = 10_000
    crowd: int = 100_000
    postgres: str = ""
    """The address of the server, ending before a database's name; empty where none answers."""

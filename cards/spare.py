"""What was asked for beyond what one answer has room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spare:
    """`used`: what the answer is laid out by; `left`: what was named besides; `say`: what shows one of those, each."""

    used: Sequence[str]
    left: Sequence[str]
    say: Sequence[str]

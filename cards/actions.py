"""What pressing a button means: the command one could type instead, and how it travels.

A button *is* a typed command: a press is routed as if its presser had typed `say`, so the two can never differ and
who may do it is checked in one place. On the wire it is percent-encoded, since not every platform promises to bring
back anything but ASCII. See docs/decisions/0003-a-button-is-a-command.md.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote_plus, unquote_plus

LONGEST = 512
"""Bytes on the wire; WeCom allows 1,024."""


@lru_cache(maxsize=4096)  # every answer bears the same few buttons
def wire(say: str) -> str:
    """A command as a button carries it. Raises ValueError where it is too long for a button."""
    packed = quote_plus(say, safe="=@.,;:")
    if len(packed) > LONGEST:
        raise ValueError(f"too long for a button: {say!r}")
    return packed


def fits(say: str) -> bool:
    """Whether a command is short enough for a button."""
    return len(quote_plus(say, safe="=@.,;:")) <= LONGEST


def unwire(action: str) -> str:
    """The command that a pressed button means."""
    return unquote_plus(action)


def amount(value: Decimal) -> str:
    """A number as it can be typed back: never with an exponent."""
    return f"{value:f}"


def update(ref: str, value: Decimal, day: str = "", note: str = "") -> str:
    """`更新 KR34 2026-11-23 1050 说明`"""
    return " ".join(part for part in ("更新", ref, day, f"={amount(value)}", note) if part)


def confirmed(say: str) -> str:
    """The same command, with the answer to what it was asked back about."""
    return f"确认 {say}"


NEVER_MIND = "算了"

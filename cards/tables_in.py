"""A table that somebody has sent: what it would do with which lines, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cards.templating import render
from chat.card import Card

SHOWN = 4
"""Wrong lines that are told; the rest is counted."""
_WRONG = ("行", "列", "哪里不对", "是不是")
SHORT = 26
"""Characters of a fact's value on a WeCom card."""


class Bad(Protocol):
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def near(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Preview:
    """`number` is 0 where there is nothing that could be written."""

    number: int
    kind: str
    name: str
    good: int
    bad: Sequence[Bad]
    says: Sequence[str]


def preview_card(preview: Preview, *, changed: bool = False, listed: bool = False) -> Card:
    """`listed`: a file with every wrong line follows."""
    return render(
        "table_preview",
        live=bool(preview.number),
        number=preview.number,
        kind=preview.kind,
        name=preview.name,
        good=preview.good,
        says=preview.says[: 3 if preview.bad else 5],
        bad=[_row(one) for one in preview.bad[:SHOWN]],
        short=[(one.line, _short(one)) for one in preview.bad[:SHOWN]],
        wrong=len(preview.bad),
        more=max(0, len(preview.bad) - SHOWN),
        changed=changed,
        listed=listed,
    )


def wrong_lines(bad: Sequence[Bad]) -> tuple[Sequence[str], Sequence[Sequence[str | int]]]:
    """Headings and lines of a table that has all of them."""
    return _WRONG, [(one.line, one.column, one.reason, one.near) for one in bad]


def settled_card(
    number: int,
    state: str,
    kind: str,
    name: str,
    good: int,
    says: Sequence[str],
    *,
    undo: bool = False,
    again: bool = False,
) -> Card:
    """`again`: somebody asks a second time."""
    return render(
        "table_settled",
        live=undo,
        number=number,
        state=str(state),
        kind=kind,
        name=name,
        good=good,
        says=says[:6],
        undo=undo,
        again=again,
    )


def _row(bad: Bad) -> str:
    near = f",是不是「{bad.near}」?" if bad.near else ""
    column = f" {bad.column}" if bad.column else ""
    return f"第 {bad.line} 行{column}:{bad.reason}{near}"


def _short(bad: Bad) -> str:
    """The same within a fact of a WeCom card."""
    said = f"{bad.column} {bad.reason}".strip()
    if bad.near:
        said = f"{bad.column} 是不是「{bad.near}」?".strip()
    return said if len(said) <= SHORT else f"{said[: SHORT - 1]}…"

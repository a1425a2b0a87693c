"""Who could help, and why he: the reasons are what the company has on record, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from okr.experts import Expert, Record

_ROW = {2: "两", 3: "三", 4: "四"}
"""So many cycles running are a row; more are not looked at."""
_REASONS = 2
"""Of these a line has room."""


@dataclass(frozen=True, slots=True)
class Named:
    """One line of a card: who, of which store or unit, and why; `number` is what invites him."""

    name: str
    unit: str
    number: str
    why: str


def name_experts(experts: Sequence[Expert]) -> list[Named]:
    return [
        Named(one.person.name, one.person.unit, one.person.number, ",".join(_reasons(one.record)))
        for one in experts
    ]


def _reasons(record: Record) -> list[str]:
    """The strongest first: what he has achieved, what he is good at; then whether he has a hand free, and answers."""
    strong = list(_strong(record))[:_REASONS]
    return [*strong, *_soft(record)][: _REASONS + 1]


def _strong(record: Record) -> Iterator[str]:
    if record.skills:
        yield f"擅长{'、'.join(record.skills[:3])}"
    where = record.person.store or record.person.name
    if record.streak in _ROW:
        yield f"{where}{record.title}连着{_ROW[record.streak]}个季度达标"
    elif record.streak:
        yield f"{where}{record.title}上季度达标了"
    elif record.on_track:
        yield f"{record.title}这季跟得上"


def _soft(record: Record) -> Iterator[str]:
    if record.own_team:
        yield "跟你一个组"
    elif record.is_reliable:
        yield f"请他 {record.asked} 次回了 {record.answered} 次"
    if not record.load:
        yield "手上不忙"

"""Goals from rows: the columns that are read, and the values they become."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from okr.curve import curve_of
from okr.masking import is_amount
from okr.objectives import (
    Basis,
    Commitment,
    Cycle,
    CycleState,
    KeyResult,
    Kind,
    Measure,
    Milestone,
    Objective,
    Origin,
    Reading,
    RollUp,
    State,
    Visibility,
)
from okr.stages import stages_of
from storage.session import Row, amount, day, day_or_none, moment

KR = (
    "k.id, k.objective_id, k.position, k.title, k.kind, k.unit, k.basis, k.start_value, k.target_value, k.low_value,"
    " k.high_value, k.tolerance, k.cumulative, k.milestones, k.rungs, k.weight, k.share, k.state, k.due, k.metric,"
    " k.metric_own, k.confidence, k.value, k.value_at, k.value_source, k.value_typed, k.doubts,"
    " k.commitment, k.origin, k.is_kpi, k.parent_kr_id, k.roll_up, k.stages, k.score, k.curve, k.overdue"
)
KR_WIDTH = 36
OBJECTIVE = (
    'o.id, o.title, o.owner_id, o.state, o.parent_kr_id, o.version, c.id, c.name, c.start, c."end",'
    " o.visibility, o.direction_id, o.exception, o.score, c.state"
)


E = TypeVar("E", bound=StrEnum)


def _by_word(kind: type[E]) -> Mapping[str, E]:
    """A member by what is kept: calling the enumeration costs ten times as much, seven times a row."""
    return {str(member): member for member in kind}


_KINDS, _BASES, _STATES = _by_word(Kind), _by_word(Basis), _by_word(State)
_COMMITMENTS, _ORIGINS, _ROLL_UPS = _by_word(Commitment), _by_word(Origin), _by_word(RollUp)
_VISIBILITIES, _CYCLE_STATES = _by_word(Visibility), _by_word(CycleState)

REMEMBERED = 1024
"""Key results, for who asks for one objective: a few megabytes."""


class Kept:
    """What the rows of each goal became when they were read last, for pages that read a thousand again after every change:
    only those that differ have to be made anew. Rows that are equal are the same goal, whatever they come from.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._by_id: dict[int, tuple[Sequence[Row], Objective]] = {}

    def whole(self, rows: Sequence[Row]) -> Objective:
        number = rows[0][KR_WIDTH]
        known = self._by_id.get(number)
        if known is not None and known[0] == rows:
            return known[1]
        made = _whole(rows)
        if len(self._by_id) >= self._most:
            self._by_id.clear()
        self._by_id[number] = (rows, made)
        return made


def objectives_of(rows: Sequence[Row], kept: Kept | None = None) -> list[Objective]:
    make = kept.whole if kept is not None else _whole
    found: list[Objective] = []
    first = 0
    for index in range(1, len(rows) + 1):
        if index == len(rows) or rows[index][KR_WIDTH] != rows[first][KR_WIDTH]:
            found.append(make(rows[first:index]))
            first = index
    return found


def _whole(rows: Sequence[Row], read: Callable[[Sequence[Any]], KeyResult] | None = None) -> Objective:
    """An objective of its rows, one for each key result; of one without any a single row."""
    read = read or _key_result
    return _objective(rows[-1], tuple(read(row[:KR_WIDTH]) for row in rows if row[0] is not None))


def one_of(rows: Sequence[Row]) -> Objective | None:
    """A single objective. Of its key results most are as they were when somebody reported on it last."""
    return _whole(rows, _as_before) if rows else None


def _objective(row: Row, key_results: tuple[KeyResult, ...]) -> Objective:
    at = KR_WIDTH
    return Objective(
        id=row[at],
        title=row[at + 1],
        owner_id=row[at + 2],
        state=_STATES[row[at + 3]],
        parent_kr=row[at + 4],
        version=row[at + 5],
        cycle=Cycle(
            row[at + 6], row[at + 7], day(row[at + 8]), day(row[at + 9]), _CYCLE_STATES[row[at + 14]]
        ),
        key_results=key_results,
        visibility=_VISIBILITIES[row[at + 10]],
        direction=row[at + 11],
        exception=row[at + 12],
        score=amount(row[at + 13]),
    )


def _key_result(row: Sequence[Any]) -> KeyResult:
    """Amounts come sealed: whoever shows them has to ask first who looks (`okr.masking`)."""
    value = amount(row[22])
    measure, title, metric, own = _measure(row), row[3], row[19], bool(row[20])
    if is_amount(measure, title, metric=metric, metric_own=own):
        measure = replace(measure, sealed=True)
    return KeyResult(
        id=row[0],
        objective_id=row[1],
        order=row[2],
        title=title,
        measure=measure,
        weight=amount(row[15]) or Decimal(0),
        share=amount(row[16]),
        state=_STATES[row[17]],
        due=day_or_none(row[18]),
        metric=metric,
        metric_own=own,
        confidence=row[21],
        reading=None if value is None else Reading(value, moment(row[23]), row[24], bool(row[25])),
        commitment=_COMMITMENTS[row[27]],
        origin=_ORIGINS[row[28]],
        is_kpi=bool(row[29]),
        parent_kr=row[30],
        roll_up=_ROLL_UPS[row[31]],
        stages=stages_of(row[32]) if row[32] else (),
        score=amount(row[33]),
        curve=curve_of(row[34]) if row[34] else None,
        overdue=bool(row[35]),
    )


# The row is the key: whoever changes it, on whichever replica, what was made of the old one is not found any more.
_as_before = lru_cache(maxsize=REMEMBERED)(_key_result)


def _measure(row: Sequence[Any]) -> Measure:
    return Measure(
        kind=_KINDS[row[4]],
        unit=row[5],
        basis=_BASES[row[6]],
        start=amount(row[7]),
        target=amount(row[8]),
        low=amount(row[9]),
        high=amount(row[10]),
        tolerance=amount(row[11]),
        cumulative=bool(row[12]),
        milestones=_milestones(row[13]) if row[13] else (),
        rungs=tuple(json.loads(row[14])) if row[14] else None,
    )


def milestones_text(milestones: Sequence[Milestone]) -> str:
    if not milestones:
        return ""
    plain: list[Any] = [
        [m.title, str(m.weight), m.due.isoformat() if m.due else None, m.done] for m in milestones
    ]
    return json.dumps(plain, ensure_ascii=False)


def _milestones(text: str) -> tuple[Milestone, ...]:
    return tuple(
        Milestone(title, Decimal(weight), date.fromisoformat(due) if due else None, done)
        for title, weight, due, done in json.loads(text)
    )

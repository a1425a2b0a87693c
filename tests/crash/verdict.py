"""What must hold after the rounds, and what broke it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from tests.crash.evidence import Applied, Evidence, Seen
from tests.crash.ledger import Command, Ledger

T = TypeVar("T")
K = TypeVar("K")

ON_ITS_WAY = timedelta(seconds=1.0)
"""What had left before a kill may be shown so long after it, on a busy machine; hardly any next life is that quick."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`shown_twice` counts answers that a kill between showing and noting let appear again, `outlived` commands that
    were said to one life of the bot and answered by another.
    """

    acknowledged: int
    lost: Sequence[str]
    doubled: Sequence[str]
    shown_twice: int
    outlived: int
    others: Sequence[str]

    @property
    def holds(self) -> bool:
        return not (self.lost or self.doubled or self.others)

    def evidence(self) -> Iterator[str]:
        for what, findings in (("lost", self.lost), ("doubled", self.doubled), ("", self.others)):
            yield from (f"{what}: {finding}" if what else finding for finding in findings)


def judge(ledger: Ledger, evidence: Evidence) -> Verdict:
    applied = _by(evidence.applied, lambda one: one.note)
    seen = _by(evidence.seen, lambda one: one.note)
    return Verdict(
        acknowledged=len(ledger.acknowledged),
        lost=[f"{note} {ledger.told[note]}" for note in sorted(ledger.acknowledged) if note not in applied],
        doubled=[f"{note} {rows}" for note, rows in applied.items() if len(rows) > 1],
        shown_twice=sum(len(sights) > 1 for sights in seen.values()),
        outlived=sum(
            _killed_between(ledger.kills, rows[0].on_at, seen[note][0].at)
            for note, rows in applied.items()
            if note in seen
        ),
        others=[
            *_wrong_rows(ledger.told, evidence.applied),
            *_wrong_answers(applied, evidence),
            *_wrong_sights(ledger, applied, seen),
            *_wrong_values(ledger.told, evidence),
        ],
    )


def _wrong_rows(told: Mapping[str, Command], applied: Sequence[Applied]) -> Iterator[str]:
    """What was written is what was said, by who said it."""
    for row in applied:
        command = told.get(row.note)
        if command is None or (row.kr_id, row.author) != (command.kr_id, command.author):
            yield f"written but not said: {row} {command}"
        elif not command.adds and row.value != command.value:
            yield f"another value than said: {row} {command}"


def _wrong_answers(applied: Mapping[str, Sequence[Applied]], evidence: Evidence) -> Iterator[str]:
    """One answer for each command that was applied, and every letter gone out that was still true."""
    answers = _by((one for one in evidence.posted if one.note), lambda one: one.note)
    for note in applied:
        if len(answers.get(note, ())) != 1:
            yield f"{note} has not one answer: {answers.get(note)}"
    for note in answers:
        if note not in applied:
            yield f"{note} is answered but not applied"
    yield from (
        f"not delivered: {letter}"
        for letter in evidence.posted
        if letter.state != "sent" and not letter.overtaken
    )


def _wrong_sights(
    ledger: Ledger, applied: Mapping[str, Sequence[Applied]], seen: Mapping[str, Sequence[Seen]]
) -> Iterator[str]:
    """Everybody sees their answers; a second time only where a kill kept the first from being noted."""
    for note in applied:
        if note not in seen:
            yield f"nobody was shown the answer to {note}: {ledger.told.get(note)}"
    for note, sights in seen.items():
        command = ledger.told.get(note)
        if command is None or any(sight.reader != command.author for sight in sights):
            yield f"shown to somebody else: {sights} {command}"
        times = sorted(sight.at for sight in sights)
        for before, after in pairwise(times):
            if not _killed_between(ledger.kills, before - ON_ITS_WAY, after):
                yield f"shown twice without a crash: {sights} {command}"


def _killed_between(kills: Sequence[datetime], before: datetime, after: datetime) -> bool:
    index = bisect_left(kills, before)
    return index < len(kills) and kills[index] <= after


def _wrong_values(told: Mapping[str, Command], evidence: Evidence) -> Iterator[str]:
    """The key result repeats its newest reading, and a sum went up by one with every report."""
    for kr_id, rows in _by(evidence.applied, lambda row: row.kr_id).items():
        newest = max(rows, key=lambda row: (row.on_at, row.id))
        if evidence.values[kr_id] != newest.value:
            yield f"KR{kr_id} says {evidence.values[kr_id]}, its newest report {newest}"
        if not all((command := told.get(row.note)) and command.adds for row in rows):
            continue
        if [row.value for row in rows] != list(range(1, len(rows) + 1)):
            wrong = next(row for number, row in enumerate(rows, 1) if row.value != number)
            yield f"KR{kr_id} was added to {len(rows)} times and is {newest.value}; first wrong: {wrong}"


def _by(rows: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    found: defaultdict[K, list[T]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return dict(found)

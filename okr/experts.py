"""Whom to ask: how well somebody fits a need, by what the company has on record (docs/rules/experts.md).

Nothing is guessed about anybody: what somebody is good at is said by him or his superior, what he has achieved is in
the goals, how he answers is in the requests. Every point has a reason that can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from okr.people import Person

ONE = Decimal(1)
ALIKE = Decimal("0.5")
"""From here on two goals count as of the same kind."""
SKILLS = (Decimal(0), Decimal("0.7"), ONE)
"""What no, one, and two or more fitting skills are worth."""
A_CYCLE, ON_TRACK = Decimal("0.3"), Decimal("0.4")
"""What a cycle that was achieved is worth, and one that goes well now."""
FULL = 5
"""Somebody with so many things at hand has no hand free."""
PARTS = (Decimal("0.35"), Decimal("0.35"), Decimal("0.15"), Decimal("0.15"))
"""Skill, success, a free hand, and how he answers."""
OWN_TEAM = Decimal("0.7")
"""Who sits next to the asker knows of it already."""
MOST = 3
"""So many are named."""
RELIABLE = Decimal("0.8")
ASKED_OFTEN = 3
"""From so many requests on a rate is worth telling."""


@dataclass(frozen=True, slots=True)
class Need:
    """What is looked for. `words`: of the goal's title and of what is in the way; `metric`: what the goal is fed by."""

    words: frozenset[str]
    metric: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one person, for one need.

    `skills`: those that fit. `streak`: closed cycles running back from the last in which he achieved a goal of this kind;
    `on_track`: such a goal of his goes well now; `likeness`: of the goal that is most alike, 0-1, and `title` what
    it is called. `load`: goals that lag and requests that wait for him. `asked`, `answered`: requests to him that are over.
    """

    person: Person
    skills: tuple[str, ...] = ()
    streak: int = 0
    on_track: bool = False
    likeness: Decimal = Decimal(0)
    title: str = ""
    load: int = 0
    asked: int = 0
    answered: int = 0
    own_team: bool = False
    away: bool = False

    @property
    def is_reliable(self) -> bool:
        return self.asked >= ASKED_OFTEN and Decimal(self.answered) / self.asked >= RELIABLE


@dataclass(frozen=True, slots=True)
class Expert:
    record: Record
    score: int

    @property
    def person(self) -> Person:
        return self.record.person


def likeness(mine: frozenset[str], other: frozenset[str], *, same_metric: bool = False) -> Decimal:
    """How much two titles speak of the same, 0-1: the words in common, of the shorter one's."""
    if same_metric:
        return ONE
    shorter = min(len(mine), len(other))
    return Decimal(len(mine & other)) / shorter if shorter else Decimal(0)


def score(record: Record) -> int:
    """0-100, half up."""
    skill = SKILLS[min(len(record.skills), len(SKILLS) - 1)]
    success = record.likeness * min(ONE, A_CYCLE * record.streak + (ON_TRACK if record.on_track else 0))
    free = max(Decimal(0), ONE - Decimal(record.load) / FULL)
    answers = Decimal(record.answered + 1) / (record.asked + 2)
    parts = zip(PARTS, (skill, success, free, answers), strict=True)
    total = 100 * sum((weight * value for weight, value in parts), Decimal(0))
    if record.own_team:
        total *= OWN_TEAM
    return int(total.quantize(ONE, ROUND_HALF_UP))


def is_expert(record: Record) -> bool:
    """Whoever is away, or has neither a fitting skill nor a success of that kind, is not named."""
    return not record.away and bool(record.skills or (record.likeness and (record.streak or record.on_track)))


def best(records: Sequence[Record], most: int = MOST) -> list[Expert]:
    """Who fits best, the best first; equals by their numbers."""
    found = [Expert(record, score(record)) for record in records if is_expert(record)]
    return sorted(found, key=lambda one: (-one.score, one.person.number))[:most]

"""How closely a goal belongs to those above it: 关联度, 0-100 with its parts (docs/rules/association.md)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
ONE = Decimal(1)
PARENT = 40
LEVEL = 20
WEIGHT = 20
MATCH = 20

_NOT_A_WORD = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Association:
    """The points of each part; none where there is no parent at all (an orphan)."""

    parent: int = 0
    """It supports a goal above it."""
    level: int = 0
    """No level lies between the two."""
    weight: int = 0
    """It makes up at least an equal part of what supports the parent."""
    match: int = 0
    """Its words or tags are the parent's."""

    @property
    def points(self) -> int:
        return self.parent + self.level + self.weight + self.match


ORPHAN = Association()


def association(
    *,
    skips: bool,
    share: Decimal,
    siblings: int,
    texts: tuple[str, str],
    tags: tuple[Collection[str], ...] = (),
) -> Association:
    """How closely a goal that has a parent belongs to it.

    `share`: how much of the parent it makes up, of 1, among `siblings` (itself included). `texts`: its title and the
    parent's, with the parent's objective if one likes. `tags`: of both, where they have some.
    """
    equal = ONE / max(siblings, 1)
    by_tag = len(tags) == 2 and bool(set(tags[0]) & set(tags[1]))
    return Association(
        PARENT,
        0 if skips else LEVEL,
        _part(WEIGHT, share / equal),
        _part(MATCH, ONE if by_tag else similarity(*texts)),
    )


def overall(weighted: Sequence[tuple[Association, Decimal]]) -> int:
    """The mean of several goals by their weights; 0 where there is none."""
    total = sum((weight for _, weight in weighted), ZERO)
    if not total:
        return 0
    mean = sum((each.points * weight for each, weight in weighted), ZERO) / total
    return int(mean.quantize(ONE, rounding=ROUND_HALF_UP))


def similarity(one: str, other: str) -> Decimal:
    """Which part of the shorter text's pairs of neighbouring characters the longer one has too, 0-1.

    Numbers, spaces and punctuation say nothing about what a goal is about.
    """
    mine, theirs = set(_pairs(one)), set(_pairs(other))
    shorter = min(len(mine), len(theirs))
    return Decimal(len(mine & theirs)) / shorter if shorter else ZERO


def _pairs(text: str) -> Iterable[str]:
    for word in _NOT_A_WORD.split(text.casefold()):
        yield from (word[index : index + 2] for index in range(len(word) - 1))


def _part(points: int, share: Decimal) -> int:
    return int((points * min(ONE, share)).quantize(ONE, rounding=ROUND_HALF_UP))

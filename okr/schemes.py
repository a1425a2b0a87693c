"""Which of several rules holds for a person: by region, store, store type, grade, unit (docs/rules/schemes.md).

A rule that names more holds before one that names less. Two that could hold for the same person with equal right are
a mistake of the file, found when it is read: nobody should have to guess which one was meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol, TypeVar

from okr.people import Person, is_in_unit

ANY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Criteria:
    """Whom a rule is for. Of each, one of the names; empty is everybody. `unit` includes the units below it."""

    region: frozenset[str] = ANY
    store: frozenset[str] = ANY
    store_type: frozenset[str] = ANY
    grade: frozenset[str] = ANY
    unit: frozenset[str] = ANY

    @property
    def narrowness(self) -> int:
        """How many things are named. A store says its region too, so it counts twice."""
        single = (self.region, self.store_type, self.grade, self.unit)
        return sum(map(bool, single)) + 2 * bool(self.store)

    def fit(self, person: Person) -> bool:
        return (
            _allows(self.region, person.region)
            and _allows(self.store, person.store)
            and _allows(self.store_type, person.store_type)
            and _allows(self.grade, person.grade)
            and (not self.unit or any(is_in_unit(person, name) for name in self.unit))
        )


EVERYBODY = Criteria()


class Scheme(Protocol):
    """Anything that holds for some: an approval rule, weights and factors, a bonus curve."""

    @property
    def criteria(self) -> Criteria: ...


SchemeT = TypeVar("SchemeT", bound=Scheme)


def most_specific(schemes: Iterable[SchemeT], person: Person) -> SchemeT | None:
    """The rule that holds for a person: the one that names most, of equals the one of the lower unit.

    None where none is for him. Which rules speak of the matter at all is for the caller to choose first.
    """
    fitting = [scheme for scheme in schemes if scheme.criteria.fit(person)]
    return max(fitting, key=lambda scheme: _rank(scheme.criteria, person), default=None)


def ties(schemes: Sequence[SchemeT]) -> tuple[tuple[SchemeT, SchemeT], ...]:
    """Pairs that could hold for one person with equal right, and no narrower rule decides between them."""
    return tuple(
        (one, other)
        for one, other in combinations(schemes, 2)
        if _compete(one.criteria, other.criteria)
        and not any(_decides(third.criteria, one.criteria, other.criteria) for third in schemes)
    )


def _rank(criteria: Criteria, person: Person) -> tuple[int, int]:
    parts = [part.strip() for part in person.department.split("/")]
    depths = (
        depth for depth, part in enumerate(parts, 1) if any(part.startswith(name) for name in criteria.unit)
    )
    return criteria.narrowness, max(depths, default=0)


def _allows(names: frozenset[str], name: str) -> bool:
    return not names or name in names


def _compete(one: Criteria, other: Criteria) -> bool:
    """Whether both can fit one person and name as much. Of two different units of his one is the lower."""
    if one.narrowness != other.narrowness:
        return False
    if one.unit and other.unit and not any(_same_unit(*pair) for pair in _pairs(one.unit, other.unit)):
        return False
    return all(not mine or not theirs or mine & theirs for mine, theirs in _named(one, other))


def _decides(third: Criteria, one: Criteria, other: Criteria) -> bool:
    """Whether `third` is narrower than both and fits whoever both fit."""
    if third.narrowness <= one.narrowness:
        return False
    if third.unit and not any(unit and unit <= third.unit for unit in (one.unit, other.unit)):
        return False
    both = [mine & theirs if mine and theirs else mine | theirs for mine, theirs in _named(one, other)]
    return all(
        not names or (bool(left) and left <= names)
        for left, (names, _) in zip(both, _named(third, third), strict=True)
    )


def _named(one: Criteria, other: Criteria) -> Sequence[tuple[frozenset[str], frozenset[str]]]:
    """The names of both, side by side; the units apart, since they lie within each other."""
    return (
        (one.region, other.region),
        (one.store, other.store),
        (one.store_type, other.store_type),
        (one.grade, other.grade),
    )


def _pairs(mine: frozenset[str], theirs: frozenset[str]) -> Iterator[tuple[str, str]]:
    return ((name, other) for name in mine for other in theirs)


def _same_unit(one: str, other: str) -> bool:
    """华东 and 华东区 are the same."""
    return one.startswith(other) or other.startswith(one)

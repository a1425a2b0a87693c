"""Who stands where: dense places with ties, the gap to the next one up, and how a place has moved (docs/rules/ranking.md).

Nobody is ever shown who comes last: there is a top, one's own place with the next one up, and who has risen most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Place:
    """`risen`: places gained since the time before, negative where lost; None where there was none."""

    key: str
    value: Decimal
    place: int
    risen: int | None = None


def ranked(now: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> list[Place]:
    """Best first; equal values share a place and the next one follows without a gap. Ties go by key."""
    places, earlier = _places(now), _places(before)
    found = [
        Place(key, value, places[key], earlier[key] - places[key] if key in earlier else None)
        for key, value in now.items()
    ]
    return sorted(found, key=lambda one: (one.place, one.key))


def standing(
    now: Mapping[str, Decimal], before: Mapping[str, Decimal], key: str
) -> tuple[Place, Decimal | None] | None:
    """One's own place alone, and what is missing to the next one up: as `ranked` has it, without anybody else's.

    None for who is not among them.
    """
    mine = now.get(key)
    if mine is None:
        return None
    better = {value for value in now.values() if value > mine}
    risen = None
    if (earlier := before.get(key)) is not None:
        risen = len({value for value in before.values() if value > earlier}) - len(better)
    return Place(key, mine, len(better) + 1, risen), min(better) - mine if better else None


def own(places: Sequence[Place], key: str) -> Place | None:
    return next((one for one in places if one.key == key), None)


def above(places: Sequence[Place], mine: Place) -> Place | None:
    """One of those on the next better place; None for the first."""
    return next((one for one in places if one.place == mine.place - 1), None)


def risers(places: Sequence[Place], most: int) -> list[Place]:
    """Who has gained most places, none of whom has gained none."""
    up = [one for one in places if one.risen is not None and one.risen > 0]
    return sorted(up, key=lambda one: (-(one.risen or 0), one.place, one.key))[:most]


def _places(values: Mapping[str, Decimal]) -> dict[str, int]:
    order = {value: place for place, value in enumerate(sorted(set(values.values()), reverse=True), 1)}
    return {key: order[value] for key, value in values.items()}


def means(values: Mapping[K, Decimal], members: Mapping[K, str]) -> dict[str, Decimal]:
    """The mean of those that belong together: `members` says to what, empty for nothing."""
    gathered: dict[str, list[Decimal]] = {}
    for key, value in values.items():
        if members.get(key):
            gathered.setdefault(members[key], []).append(value)
    return {name: sum(some, Decimal(0)) / len(some) for name, some in gathered.items()}

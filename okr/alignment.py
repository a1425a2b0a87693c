"""What may support what, and in which order a change travels upwards (docs/rules/alignment.md).

Goals are nodes named by their references (`KR34`, `O12`); the graph is a mapping from each to those it is
counted in. A key result is counted in its objective, an objective or a key result in a key result above it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from okr.cycle import Span
from okr.refusals import Loop, ParentSharesAboveOne, PeriodsDoNotOverlap, PrivateIntoPublic, SelfAlignment

ONE = Decimal(1)

Parents = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class End:
    """One of the two goals of an alignment. `restricted`: not everybody in the company may see it."""

    ref: str
    cycle: Span
    cycle_name: str = ""
    restricted: bool = False


def check_alignment(
    child: End, parent: End, parents: Parents, *, shares: Sequence[Decimal] = (ONE,), rolls_up: bool = True
) -> None:
    """Whether `child` may support `parent`, `parents` being how things stand without it.

    `shares`: how much of the child each of its parents counts, this one included; one whose share was not said
    counts the whole. `rolls_up`: whether its number is counted in the parent, or it is only shown below it.
    Raises SelfAlignment, Loop, PeriodsDoNotOverlap, PrivateIntoPublic, ParentSharesAboveOne.
    """
    if child.ref == parent.ref:
        raise SelfAlignment(child.ref)
    if makes_loop(parents, child.ref, parent.ref):
        raise Loop(child.ref, parent.ref)
    if not overlap(child.cycle, parent.cycle):
        raise PeriodsDoNotOverlap(child.ref, parent.ref, child.cycle_name, parent.cycle_name)
    if not rolls_up:
        return
    if child.restricted and not parent.restricted:
        raise PrivateIntoPublic(child.ref, parent.ref)
    total = sum(shares, Decimal(0))
    if total > ONE:
        raise ParentSharesAboveOne(child.ref, total)


def makes_loop(parents: Parents, child: str, parent: str) -> bool:
    """Whether whoever walks up from `parent` would come to `child`."""
    return child in upwards(parents, parent)


def overlap(one: Span, other: Span) -> bool:
    """Whether the two have a day in common."""
    return one.start <= other.end and other.start <= one.end


def skips_level(child_level: int, parent_level: int) -> bool:
    """Whether a level lies between the two; the company is 0, a region 1, a store 2, a person 3.

    Allowed, but shown: whoever stands between does not see the goal in his own.
    """
    return child_level - parent_level > 1


def upwards(parents: Parents, ref: str) -> tuple[str, ...]:
    """The goal itself and all above it that it counts in, each once and after those of them below it.

    In this order a change is computed upwards once, however many ways lead to the same goal.
    """
    return _below_first(parents, (ref,))


def bottom_up(parents: Parents) -> tuple[str, ...]:
    """Every goal of the graph, each after all that count in it: the order to compute everything anew."""
    return _below_first(parents, parents)


def _below_first(parents: Parents, begin: Iterable[str]) -> tuple[str, ...]:
    """What can be reached from `begin`, by depth-first search without recursion; the last one left comes first."""
    seen: set[str] = set()
    left: list[str] = []
    for first in begin:
        if first in seen:
            continue
        seen.add(first)
        path = [(first, iter(parents.get(first, ())))]
        while path:
            ref, above = path[-1]
            following = next((parent for parent in above if parent not in seen), None)
            if following is None:
                left.append(ref)
                path.pop()
            else:
                seen.add(following)
                path.append((following, iter(parents.get(following, ()))))
    return tuple(reversed(left))

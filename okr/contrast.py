"""Whether stores do better with one way to set goals than with the other, like with like (docs/rules/comparison.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from okr.comparing import growth
from okr.mechanism import Mechanism
from okr.metrics import ZERO

ONE = Decimal(1)
FEW = 5
"""Of fewer stores in a group a difference may be chance."""


@dataclass(frozen=True, slots=True)
class Part:
    """A figure as a fraction, so that those of several stores add up; what is no ratio is over 1."""

    upper: Decimal
    lower: Decimal = ONE

    @property
    def value(self) -> Decimal | None:
        return self.upper / self.lower if self.lower else None


@dataclass(frozen=True, slots=True)
class Store:
    """One store's figure now and in the period before; `kind` is its store type."""

    name: str
    kind: str
    mechanism: Mechanism
    now: Part
    then: Part

    @property
    def change(self) -> Decimal | None:
        return growth(self.now.value, self.then.value)


@dataclass(frozen=True, slots=True)
class Group:
    """`change`: by which part the figure of its stores together has changed; None where there was nothing before.

    `risen`: how many of the stores have.
    """

    mechanism: Mechanism
    stores: int
    risen: int
    change: Decimal | None

    @property
    def is_small(self) -> bool:
        return self.stores < FEW


@dataclass(frozen=True, slots=True)
class Contrast:
    """`unlike`: stores of a type that only one of the groups has, which are left out."""

    weekly: Group
    monthly: Group
    unlike: int

    @property
    def groups(self) -> tuple[Group, Group]:
        return self.weekly, self.monthly

    @property
    def difference(self) -> Decimal | None:
        """By how much more the figure of the weekly group has changed, in parts of 1: 0.23 are 23 points."""
        if self.weekly.change is None or self.monthly.change is None:
            return None
        return self.weekly.change - self.monthly.change

    @property
    def is_small(self) -> bool:
        return any(group.is_small for group in self.groups)


def contrast(stores: Sequence[Store]) -> Contrast:
    """Both groups, of store types that both have. Where they have none in common nothing is like anything."""
    kinds = [{one.kind for one in stores if one.mechanism is way} for way in Mechanism]
    both = set.intersection(*kinds)
    alike = [one for one in stores if one.kind in both]
    weekly, monthly = (_group(way, [one for one in alike if one.mechanism is way]) for way in Mechanism)
    return Contrast(weekly, monthly, len(stores) - len(alike))


def _group(mechanism: Mechanism, stores: Sequence[Store]) -> Group:
    risen = sum(one.change is not None and one.change > 0 for one in stores)
    now, then = (_together(parts) for parts in ([one.now for one in stores], [one.then for one in stores]))
    return Group(mechanism, len(stores), risen, growth(now.value, then.value))


def _together(parts: Sequence[Part]) -> Part:
    return Part(sum((one.upper for one in parts), ZERO), sum((one.lower for one in parts), ZERO))

"""How a unit sets its goals: updated every week, or fixed for a month (docs/rules/comparison.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from okr.people import Person
from okr.schemes import Criteria, most_specific


class Mechanism(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"

    @property
    def called(self) -> str:
        return "周更新" if self is Mechanism.WEEKLY else "固定月"


USUAL = Mechanism.MONTHLY
"""Where nobody has said anything."""


@dataclass(frozen=True, slots=True)
class MechanismRule:
    criteria: Criteria
    mechanism: Mechanism


@dataclass(frozen=True, slots=True)
class Mechanisms:
    """What the company wants: `named` units by their names go before `rules`. It holds from the next period on."""

    named: Mapping[str, Mechanism]
    rules: tuple[MechanismRule, ...] = ()

    def of(self, person: Person) -> Mechanism:
        """That of the unit somebody works in; of several units that are named and his the lowest."""
        own = (person.store, *reversed(person.department.split("/")), person.region)
        named = next((self.named[unit] for unit in own if unit in self.named), None)
        if named is not None:
            return named
        rule = most_specific(self.rules, person)
        return rule.mechanism if rule is not None else USUAL

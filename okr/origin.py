"""From above or from oneself: 70/30 measured on weights (docs/rules/origin.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from okr.objectives import Objective, Origin
from okr.weights import kr_weights

ZERO = Decimal(0)
ONE = Decimal(1)
TOP_DOWN_SHARE = Decimal("0.7")
TOLERANCE = Decimal("0.1")
"""So far from 70% it is still called 70/30."""


@dataclass(frozen=True, slots=True)
class Origins:
    """`top_down` and `bottom_up` sum to 1; `key_results` and `people`: how many were counted."""

    top_down: Decimal
    key_results: int
    people: int
    share: Decimal = TOP_DOWN_SHARE
    tolerance: Decimal = TOLERANCE

    @property
    def bottom_up(self) -> Decimal:
        return ONE - self.top_down

    @property
    def within(self) -> bool:
        return abs(self.top_down - self.share) <= self.tolerance


def origins_of(
    objectives: Sequence[Objective], *, share: Decimal = TOP_DOWN_SHARE, tolerance: Decimal = TOLERANCE
) -> Origins | None:
    """The split of one person's key results in a cycle: by their weight in their objective, objectives alike.

    Only what counts is counted; an objective without key results does not. None where there is nothing.
    """
    counted = [objective for objective in objectives if objective.counting]
    if not counted:
        return None
    from_above = ZERO
    for objective in counted:
        weights = kr_weights(objective)
        from_above += sum((weights[kr.id] for kr in objective.counting if kr.origin is Origin.TOP_DOWN), ZERO)
    number = sum(len(objective.counting) for objective in counted)
    return Origins(from_above / len(counted), number, 1, share, tolerance)


def origins_of_team(people: Iterable[Origins | None]) -> Origins | None:
    """The split of a team: each person counts the same, however many key results he has.

    Who has none is not counted. None where nobody has.
    """
    known = [each for each in people if each is not None]
    if not known:
        return None
    return Origins(
        sum((each.top_down for each in known), ZERO) / len(known),
        sum(each.key_results for each in known),
        sum(each.people for each in known),
        known[0].share,
        known[0].tolerance,
    )

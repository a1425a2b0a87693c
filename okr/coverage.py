"""Whether the targets below reach the target above: 覆盖率 (docs/rules/decomposition.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from okr.objectives import Measure, RollUp
from okr.weights import normalise

ZERO = Decimal(0)
ONE = Decimal(1)
USUAL_SURPLUS = Decimal("1.1")
"""To hand out a little more than the target is usual; beyond this it is pointed at."""


class Cover(StrEnum):
    SHORT = "没分够"
    WHOLE = "分足了"
    SURPLUS = "留了余量"
    FAR_ABOVE = "分多了"


@dataclass(frozen=True, slots=True)
class Target:
    """The ends of one child: `share` of it counts here, with `weight` in an average."""

    start: Decimal
    target: Decimal
    share: Decimal = ONE
    weight: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Coverage:
    """`total`: the sum of the children's targets, or their weighted mean; `rate` is 1 where it reaches the parent's.

    `missing`: how much of the parent's target nobody has, in its unit, never negative.
    """

    total: Decimal
    rate: Decimal
    missing: Decimal
    cover: Cover


def coverage(measure: Measure, mode: RollUp, children: Sequence[Target]) -> Coverage | None:
    """How much of a key result's target its children's targets make up. None without ends or children.

    Summed values that rise are compared by their targets, as people add them up. Where they fall, or are averaged,
    by the way they go: handing out 5% + 5% says nothing, going down by 3 of 3 points does.
    """
    start, target = measure.start, measure.target
    if start is None or target is None or start == target or not children:
        return None
    if mode is RollUp.SUM:
        first = sum((child.start * child.share for child in children), ZERO)
        total = sum((child.target * child.share for child in children), ZERO)
    else:
        weights = normalise([(child.weight * child.share, None) for child in children])
        pairs = tuple(zip(weights, children, strict=True))
        first = sum((weight * child.start for weight, child in pairs), ZERO)
        total = sum((weight * child.target for weight, child in pairs), ZERO)
    if mode is RollUp.SUM and target > max(start, ZERO):
        rate, missing = total / target, target - total
    else:
        rate = (total - first) / (target - start)
        missing = abs(target - start) * (ONE - rate)
    return Coverage(total, rate, max(ZERO, missing), _cover(rate))


def _cover(rate: Decimal) -> Cover:
    if rate < ONE:
        return Cover.SHORT
    if rate == ONE:
        return Cover.WHOLE
    return Cover.SURPLUS if rate <= USUAL_SURPLUS else Cover.FAR_ABOVE

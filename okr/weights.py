"""How much each key result counts in its objective (docs/rules/weights.md)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from okr.apportion import apportion
from okr.objectives import Objective, State
from okr.refusals import OutOfRange, SharesAboveOne

ZERO = Decimal(0)
ONE = Decimal(1)
PLACES = 6
"""Weights are kept with so many decimals; what rounding leaves goes by largest remainder, so the sum is 1."""

Item = tuple[Decimal, Decimal | None]
"""A relative weight, and the fixed share of 1 where one was typed as a percent (`30%` is 0.3)."""

_LEFT = (State.CANCELLED, State.PAUSED)


def normalise(items: Sequence[Item]) -> tuple[Decimal, ...]:
    """Weights that sum to exactly 1, in the order given.

    Fixed shares take their part; the others share the rest in their relative proportions. Where every share
    is fixed and they sum to less than 1, the last gets what is missing.
    Raises SharesAboveOne, and OutOfRange for a negative weight.
    """
    return _normalise(tuple(items))


def percentages(weights: Sequence[Decimal]) -> tuple[int, ...]:
    """Whole percents that add to exactly 100, in the proportions of `weights` (largest remainder)."""
    return apportion(weights, 100)


def kr_weights(objective: Objective) -> dict[int, Decimal]:
    """The weight of each counting key result by its id, summing to 1.

    A cancelled or paused one leaves the sum and the others keep their proportions. A draft whose shares are
    above 1 is squeezed in proportion, so that it can be drawn beside the finding that stops its submission.
    """
    counting = [kr.id for kr in objective.counting]
    if not counting:
        return {}
    present = [kr for kr in objective.key_results if kr.state in _LEFT or kr.id in counting]
    try:
        weights = _normalise(tuple((kr.weight, kr.share) for kr in present))
    except SharesAboveOne:
        weights = tuple(kr.share or ZERO for kr in present)
    if len(present) > len(counting):
        weights = tuple(weight for kr, weight in zip(present, weights, strict=True) if kr.state not in _LEFT)
    if sum(weights) != ONE:
        weights = _to_one(weights)
    return dict(zip(counting, weights, strict=True))


def require_whole(objective: Objective) -> None:
    """Raises SharesAboveOne where the key results that count have more than the whole between them."""
    normalise([(kr.weight, kr.share) for kr in objective.counting])


@lru_cache(maxsize=4096)  # most objectives weigh 1:1:1, and every update asks
def _normalise(items: tuple[Item, ...]) -> tuple[Decimal, ...]:
    if not items:
        return ()
    _refuse_negative(items)
    fixed = sum((share for _, share in items if share is not None), ZERO)
    if fixed > ONE:
        raise SharesAboveOne(fixed)
    shares = [share for _, share in items if share is not None]
    if len(shares) == len(items):
        return (*shares[:-1], shares[-1] + ONE - fixed)
    rest = ONE - fixed
    relative = sum((weight for weight, share in items if share is None), ZERO)
    if not relative:
        items = tuple((ONE, share) for _, share in items)
        relative = Decimal(len(items) - len(shares))
    return _to_one([rest * weight / relative if share is None else share for weight, share in items])


def _refuse_negative(items: tuple[Item, ...]) -> None:
    for weight, share in items:
        if weight < ZERO or (share is not None and share < ZERO):
            raise OutOfRange(weight if share is None else share, low=ZERO, what="权重")


def _to_one(parts: Sequence[Decimal]) -> tuple[Decimal, ...]:
    return tuple(Decimal(units).scaleb(-PLACES) for units in apportion(parts, 10**PLACES))

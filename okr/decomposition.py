"""How a key result is divided among those who carry it (docs/rules/decomposition.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from okr.apportion import allocate, step_of
from okr.coverage import Coverage, Target, coverage
from okr.objectives import Kind, Measure, RollUp
from okr.refusals import OutOfRange, TargetMissing
from okr.rollup import natural_mode
from okr.schemes import Criteria

ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class TargetFactor:
    """What the company makes of a target for some: a community store's way is 0.9 of what its share says."""

    criteria: Criteria
    factor: Decimal


@dataclass(frozen=True, slots=True)
class SplitWeight:
    """How many parts the company gives some where no share was said: a shopping-street store carries 1.5."""

    criteria: Criteria
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Piece:
    """What one of those who carry a key result gets.

    `share` is the part of 1 that he carries, in a sum of the value, in an average of the weight. `factor` makes his
    way from start to target longer or shorter than that.
    """

    share: Decimal
    factor: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Division:
    """The measures in the order of the pieces, how they make up the parent, and how far they cover it.

    `uncovered`: the part of 1 that nobody was given; negative where more than the whole was handed out.
    """

    mode: RollUp
    measures: tuple[Measure, ...]
    uncovered: Decimal
    coverage: Coverage | None


def evenly(count: int) -> tuple[Decimal, ...]:
    """Equal shares."""
    return (ONE / count,) * count if count else ()


def by_weight(weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Shares in the proportions of the company's weights; equal weights are equal shares."""
    total = sum(weights, ZERO)
    return tuple(weight / total for weight in weights)


def filled_up(shares: Sequence[Decimal | None], weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Every share as a number: those that were not said share what is left, by weight."""
    left = max(ZERO, ONE - sum((share for share in shares if share is not None), ZERO))
    silent = [weight for share, weight in zip(shares, weights, strict=True) if share is None]
    parts = iter(by_weight(silent))
    return tuple(left * next(parts) if share is None else share for share in shares)


def by_percent(percents: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Shares as typed: 40 is 0.4. They need not make 100. Raises OutOfRange for one that is not above 0."""
    for percent in percents:
        if percent <= ZERO:
            raise OutOfRange(percent, low=ZERO, what="占比")
    return tuple(percent / 100 for percent in percents)


def by_last_period(amounts: Sequence[Decimal | None]) -> tuple[Decimal, ...]:
    """Shares of the whole in the proportions of what each reached in the period before.

    Who was not there then counts as the mean of the others; where nobody has a figure, all are equal.
    Raises OutOfRange for a negative amount: of a loss there is no share.
    """
    known = [amount for amount in amounts if amount is not None]
    for amount in known:
        if amount < ZERO:
            raise OutOfRange(amount, low=ZERO, what="上期数")
    if not any(known):
        return evenly(len(amounts))
    mean = sum(known, ZERO) / len(known)
    filled = [mean if amount is None else amount for amount in amounts]
    return tuple(amount / sum(filled, ZERO) for amount in filled)


def divide(parent: Measure, pieces: Sequence[Piece], *, title: str = "", ref: str = "") -> Division:
    """The measure of each piece.

    What adds up (money, people, pieces) is divided, start and target each, so that the parts sum to exactly what
    the shares say, to the cent or the whole unit. What does not add up (percents, prices, done or not done)
    everybody gets as it is. Raises TargetMissing where there is nothing to divide.
    """
    mode = natural_mode(parent, title)
    # shares are thirds and sevenths: what is uncovered is told to a millionth
    uncovered = round(ONE - sum((piece.share for piece in pieces), ZERO), 6)
    if parent.kind is not Kind.NUMBER:
        return Division(mode, (parent,) * len(pieces), uncovered, None)
    if parent.target is None:
        raise TargetMissing(ref)
    step, shares = step_of(parent), [piece.share for piece in pieces]
    starts = _divided(parent.start or ZERO, shares, step, mode)
    targets = _divided(parent.target, shares, step, mode)
    ends = [_ends(*each, step) for each in zip(pieces, starts, targets, strict=True)]
    is_known = parent.start is not None
    measures = [replace(parent, start=start if is_known else None, target=target) for start, target in ends]
    children = [
        Target(start, target, weight=piece.share) for (start, target), piece in zip(ends, pieces, strict=True)
    ]
    return Division(mode, tuple(measures), uncovered, coverage(parent, mode, children))


def _divided(amount: Decimal, shares: Sequence[Decimal], step: Decimal, mode: RollUp) -> tuple[Decimal, ...]:
    return allocate(amount, shares, step) if mode is RollUp.SUM else (amount,) * len(shares)


def _ends(piece: Piece, start: Decimal, target: Decimal, step: Decimal) -> tuple[Decimal, Decimal]:
    """Where a piece begins and what it reaches: the way of 10% more, with a factor of 1.2, is 12% more."""
    if piece.factor == ONE:
        return start, target
    way = (target - start) * piece.factor
    return start, start + (way / step).quantize(ONE, rounding=ROUND_HALF_UP) * step

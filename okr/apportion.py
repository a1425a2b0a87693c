"""Dividing without a remainder: what rounding leaves goes to the largest remainders (docs/rules/decomposition.md)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from okr.objectives import Measure

ZERO = Decimal(0)
ONE = Decimal(1)
FINEST = -6
"""Values are kept with six decimals."""
_WHOLE_UNITS = frozenset(
    {"人", "人次", "次", "单", "笔", "家", "个", "件", "套", "台", "位", "户", "名", "份", "张"}
)


def apportion(parts: Sequence[Decimal], units: int) -> tuple[int, ...]:
    """`units` in whole numbers in the proportions of `parts`; equal parts where all are 0."""
    if not parts:
        return ()
    total = sum(parts, ZERO)
    exact = [part * units / total for part in parts] if total else [Decimal(units) / len(parts)] * len(parts)
    whole = [int(number.to_integral_value(rounding=ROUND_FLOOR)) for number in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: (whole[index] - exact[index], index))
    for index in by_remainder[: units - sum(whole)]:
        whole[index] += 1
    return tuple(whole)


def allocate(amount: Decimal, shares: Sequence[Decimal], step: Decimal) -> tuple[Decimal, ...]:
    """The part of `amount` for each share (of 1), in whole steps, adding up to exactly what the shares say.

    Shares that sum to 1 give back the amount itself, to the last step; a negative amount is divided alike.
    """
    whole = (amount * sum(shares, ZERO) / step).quantize(ONE, rounding=ROUND_HALF_UP)
    sign = -ONE if whole < ZERO else ONE
    return tuple(sign * units * step for units in apportion(shares, abs(int(whole))))


def step_of(measure: Measure) -> Decimal:
    """The smallest amount that is spoken of: one person, one cent, or finer where the ends are told finer."""
    usual = 0 if measure.unit in _WHOLE_UNITS else -2
    exponents = [_exponent(end) for end in (measure.start, measure.target) if end is not None]
    return ONE.scaleb(max(FINEST, min([usual, *exponents])))


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0

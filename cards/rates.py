"""How fast something goes, as people say it: a week's worth, rounded for the eye."""

from __future__ import annotations

from decimal import Decimal

from okr.apportion import step_of
from okr.numbers import SHORT_FROM, half_up, say_change
from okr.objectives import Measure

WEEK = 7


def say_rate(a_day: Decimal | None, measure: Measure) -> str:
    """What a change a day makes in a week, without its sign: `11 家`, `0.35 个点`; empty for none."""
    if not a_day:
        return ""
    return say_change(abs(rounded(a_day * WEEK, measure)), measure.unit).removeprefix("+")


def rounded(amount: Decimal, measure: Measure) -> Decimal:
    """Whole numbers from ten on, and of what cannot be halved."""
    is_whole = abs(amount) >= 10 or (abs(amount) > 1 and step_of(measure) == 1)
    return half_up(amount) if is_whole and abs(amount) < SHORT_FROM else amount

"""A funnel: what goes in, what comes out of each step, and which step costs most compared with the week before
(docs/rules/funnels.md). Counts are whole things: visits, orders, customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

ZERO = Decimal(0)
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class FunnelSpec:
    """`steps` and `brings` are keys of metrics that add up; `brings` is what the last step is worth, or empty.

    `called`: how people call each step (拜访, 成交). `own`: counted by person; else by store, for who leads it.
    """

    name: str
    steps: tuple[str, ...]
    called: tuple[str, ...]
    brings: str = ""
    own: bool = True

    @property
    def metrics(self) -> tuple[str, ...]:
        return (*self.steps, *([self.brings] if self.brings else ()))


@dataclass(frozen=True, slots=True)
class Flow:
    """What went through a funnel in a week, step by step, and in the same days of the week before.

    `worth`: what the last step brought in all, None where that is not counted.
    """

    spec: FunnelSpec
    now: tuple[Decimal, ...]
    before: tuple[Decimal, ...]
    worth: Decimal | None = None

    @property
    def is_empty(self) -> bool:
        return not any(self.now) and not any(self.before)

    @property
    def rates(self) -> tuple[Decimal | None, ...]:
        """Of each step after the first: the share that came through it; None where nothing went in."""
        return _rates(self.now)

    @property
    def rates_before(self) -> tuple[Decimal | None, ...]:
        return _rates(self.before)


@dataclass(frozen=True, slots=True)
class Weakness:
    """The step which, had it gone as in the week before with all else as it was, would have brought most.

    `step` 0 is how much went in; any other is the share that came through to it. `more`: so many come out at the end;
    `worth`: what they are worth, None where that is not known.
    """

    step: int
    more: Decimal
    worth: Decimal | None


def weakest(flow: Flow) -> Weakness | None:
    """None where no step is worse than in the week before by at least one whole result."""
    shares, shares_before = _shares(flow.now), _shares(flow.before)
    rates = [now if now is not None else then for now, then in zip(shares, shares_before, strict=True)]
    would: list[tuple[Fraction, int]] = []
    if flow.before[0] > flow.now[0]:
        would.append((_out(flow.before[0], rates), 0))
    for at, (now, then) in enumerate(zip(shares, shares_before, strict=True), 1):
        if now is not None and then is not None and then > now:
            would.append((_out(flow.now[0], [*rates[: at - 1], then, *rates[at:]]), at))
    out, step = max(would, key=lambda one: (one[0], -one[1]), default=(Fraction(0), 0))
    came = flow.now[-1]
    more = out - Fraction(came)
    if more < 1:
        return None
    whole = Decimal(floor(more + HALF))
    each = flow.worth / came if flow.worth is not None and came else None
    return Weakness(step, whole, each * whole if each is not None else None)


def still_needed(flow: Flow, missing: Decimal | Fraction) -> int | None:
    """How many more have to go in for so many more results, by the shares of the week before; None where those say nothing.

    Three deals are missing, and of a hundred visits fourteen became one: 22 visits.
    """
    rate = _out(Decimal(1), _shares(flow.before))
    if not rate or missing <= 0:
        return None
    return ceil(Fraction(missing) / rate)


def missing_since(flow: Flow) -> Decimal:
    """How many results fewer than in the week before."""
    return max(ZERO, flow.before[-1] - flow.now[-1])


def _out(into: Decimal, rates: Sequence[Fraction | None]) -> Fraction:
    out = Fraction(into)
    for rate in rates:
        out *= rate if rate is not None else 0
    return out


def _shares(counts: Sequence[Decimal]) -> list[Fraction | None]:
    """The same as the rates, and exactly: a third of nine visits is three, and not a little more."""
    return [Fraction(out) / Fraction(into) if into else None for into, out in pairwise(counts)]


def _rates(counts: Sequence[Decimal]) -> tuple[Decimal | None, ...]:
    return tuple(out / into if into else None for into, out in pairwise(counts))

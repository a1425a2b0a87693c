"""What the data say of somebody's week, in sentences: the figure, the funnel's weakest step, the place."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from okr.funnels import Flow, missing_since, still_needed, weakest
from okr.numbers import half_up, say_number, say_percent
from okr.policy import Policy
from okr.selling import Selling, Standing, Turn

ZERO = Decimal(0)


def sold(selling: Selling | None, missing: Fraction | None, policy: Policy) -> dict[str, Any] | None:
    """For `weekly.md.j2`. `missing`: results that the goals still lack by now; None where no goal counts them."""
    if selling is None:
        return None
    return {
        "figure": _figure(selling.figure) if selling.figure else "",
        "place": _place(selling.standing, policy) if selling.standing else None,
        "flow": _flow(selling.flow, missing, policy) if selling.flow else None,
    }


def _figure(turn: Turn) -> str:
    if turn.now is None:
        return f"{turn.spec.name}还没有数"
    said = f"{turn.spec.name} {say_number(turn.now, turn.spec.shown_unit)}"
    change = turn.change
    if change is None:
        return said
    percent = say_percent(abs(change))
    return f"{said},和上周一样" if percent == "0%" else f"{said},比上周 {'+' if change > 0 else '-'}{percent}"


def _place(standing: Standing, policy: Policy) -> dict[str, Any]:
    unit = policy.metrics[policy.ranking_weekly].shown_unit
    risen = standing.place.risen or 0
    return {
        "place": standing.place.place,
        "count": standing.count,
        "moved": f"↑{risen}" if risen > 0 else f"↓{-risen}" if risen < 0 else "",
        "gap": say_number(standing.gap, unit, short=False) if standing.gap is not None else "",
    }


def _flow(flow: Flow, missing: Fraction | None, policy: Policy) -> dict[str, Any]:
    """`called` and `counts` step by step; `stuck` is the step that costs most, None where none does."""
    weak = weakest(flow)
    units = [policy.metrics[step].shown_unit for step in flow.spec.steps]
    lacking = Fraction(missing_since(flow)) if missing is None else missing
    into = weak.step - 1 if weak is not None and weak.step else 0
    return {
        "called": flow.spec.called,
        "counts": [say_number(count, unit) for count, unit in zip(flow.now, units, strict=True)],
        "before": [say_number(count, unit) for count, unit in zip(flow.before, units, strict=True)],
        "rates": ["", *map(said_rate, flow.rates)],
        "rates_before": ["", *map(said_rate, flow.rates_before)],
        "stuck": weak.step if weak is not None else None,
        "into": into,
        "more": say_number(weak.more, units[-1]) if weak is not None else "",
        "worth": say_number(_round(weak.worth), policy.metrics[flow.spec.brings].shown_unit)
        if weak is not None and weak.worth is not None and flow.spec.brings
        else "",
        "needed": say_number(Decimal(needed), units[0]) if (needed := still_needed(flow, lacking)) else "",
        "last": len(units) - 1,
    }


def said_rate(rate: Decimal | None) -> str:
    """Nothing that went in has no share that came out."""
    return "—" if rate is None else say_percent(rate)


def _round(worth: Decimal) -> Decimal:
    """What would have been is no measurement: two digits say enough."""
    digits = worth.adjusted() - 1
    return half_up(half_up(worth, Decimal(1).scaleb(max(0, digits))))

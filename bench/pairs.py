"""Two sides measured by turns, so that what else the machine does meets both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from statistics import median
from typing import Any

from bench.report import Result

Side = Callable[[float], Awaitable[dict[str, Any]]]
"""Measures for so many seconds."""

WARM_UP = 0.5


async def compare(
    row: str, ours: Side, theirs: Side, *, pairs: int, seconds: float, target: float | None
) -> Result:
    """Events a second, ours against theirs: the medians, after a warm-up of both."""
    errors = 0
    for side in (ours, theirs):
        errors += (await side(WARM_UP))["errors"]
    mine, other = [], []
    for _ in range(pairs):
        mine.append(await ours(seconds))
        other.append(await theirs(seconds))
    errors += sum(one["errors"] for one in mine + other)
    rate, against = (median(one["rate"] for one in side) for side in (mine, other))
    return Result(
        row,
        _said(rate, median(one["p99"] for one in mine)),
        _said(against, median(one["p99"] for one in other)),
        rate / against if against else 0.0,
        target,
        note=f"errors: {errors}" if errors else "",
    )


def _said(rate: float, p99: float) -> str:
    return f"{rate:,.0f}/s, p99 {p99:.1f} ms"

"""What a run comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Sum:
    """`rate` in events a second, `p50` and `p99` in milliseconds from sending to the answer.

    `errors`: not answered in time, refused, or answered without what had to be in it.
    """

    rate: float
    p50: float
    p99: float
    count: int
    errors: int

    def plain(self) -> dict[str, float]:
        return asdict(self)


def sum_up(latencies: Sequence[float], seconds: float, errors: int) -> Sum:
    """`latencies` and `seconds` in seconds."""
    return Sum(
        rate=len(latencies) / seconds if seconds else 0.0,
        p50=percentile(latencies, 0.50) * 1000,
        p99=percentile(latencies, 0.99) * 1000,
        count=len(latencies),
        errors=errors,
    )


def percentile(values: Sequence[float], share: float) -> float:
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

"""Several places by one figure: the middle, and who is far from it (docs/rules/comparison.md)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

ZERO = Decimal(0)
FEWEST = 5
"""Of fewer nobody is called far from the others."""
FEWEST_PEOPLE = 4
"""A group of fewer is some people whom everybody can name: nothing is told of it."""
TIMES = Decimal(3)
SPREAD = Decimal("1.4826")
"""What makes the median distance comparable with a standard deviation."""
LEAST = Decimal("0.1")
"""A part of the median; less is no difference worth a word."""


def median(values: Collection[Decimal]) -> Decimal:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def off_the_middle(values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """How far each is from the median, as a part of it; empty where the median is 0."""
    if not values or not (middle := median(values.values())):
        return {}
    return {key: (value - middle) / abs(middle) for key, value in values.items()}


def outliers(values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Who is far from the others, with how far: more than three scaled median distances, and a tenth of the median."""
    if len(values) < FEWEST:
        return {}
    middle = median(values.values())
    distance = median([abs(value - middle) for value in values.values()])
    return {
        key: part
        for key, part in off_the_middle(values).items()
        if abs(values[key] - middle) > TIMES * SPREAD * distance and abs(part) >= LEAST
    }

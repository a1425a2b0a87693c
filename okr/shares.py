"""How much of each goal above is mine: the product of the weights on the way (docs/rules/shares.md)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from okr.alignment import upwards

ZERO = Decimal(0)
ONE = Decimal(1)

Weights = Mapping[str, Mapping[str, Decimal]]
"""For each goal those it is counted in, and how much of them it makes up, of 1.

A key result in its objective: its weight there (`okr.weights.kr_weights`). A goal in the key result it supports: its
weight among all that support it (`okr.rollup.part_weights`).
"""


def shares_above(weights: Weights, ref: str) -> dict[str, Decimal]:
    """How much of each goal above `ref` makes up, the nearest first, of 1.

    Where several ways lead up to the same goal, it is their sum. There must be no loop.
    """
    order = upwards(weights, ref)
    shares = dict.fromkeys(order, ZERO)
    shares[ref] = ONE
    for below in order:
        for parent, weight in weights.get(below, {}).items():
            shares[parent] += shares[below] * weight
    del shares[ref]
    return shares

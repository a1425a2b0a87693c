"""A store that has grown more than the others since something was done there (docs/rules/comparison.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from okr.comparing import growth
from okr.comparison import median
from okr.contrast import Part
from okr.metrics import ZERO

LEAST = Decimal("0.15")
"""By so much more than the others, in parts of 1: 15 percentage points."""
SPAN = timedelta(days=14)
"""So many days before and after are compared."""
FEWEST_DAYS = 5
"""Of fewer days with figures, before or after, nothing is said."""
FEWEST_PEERS = 3
DAY = timedelta(days=1)
Days = Mapping[date, Part]


def lift(stores: Mapping[str, Days], store: str, on: date, last: date) -> Decimal | None:
    """By how much more a store's mean day has grown since a day than the middle of the others'; `last` is the last day known.

    None where too few days or stores are known, or it is less than LEAST.
    """
    own = _grown(stores.get(store, {}), on, last)
    if own is None:
        return None
    others = [_grown(days, on, last) for name, days in stores.items() if name != store]
    peers = [one for one in others if one is not None]
    if len(peers) < FEWEST_PEERS:
        return None
    apart = own - median(peers)
    return apart if apart >= LEAST else None


def _grown(days: Days, on: date, last: date) -> Decimal | None:
    before = _mean(days, on - SPAN, on - DAY)
    after = _mean(days, on, min(on + SPAN - DAY, last))
    return growth(after, before)


def _mean(days: Days, first: date, last: date) -> Decimal | None:
    """Over the days that have figures; of a ratio both sides are added up first."""
    known = [part for day, part in days.items() if first <= day <= last]
    lower = sum((part.lower for part in known), ZERO)
    return sum((part.upper for part in known), ZERO) / lower if len(known) >= FEWEST_DAYS and lower else None

"""How often one address may be wrong about a link before it has to wait.

A right link opens however often its neighbours behind one proxy were wrong: nobody guesses 256 bits, and what is
spared is the trying.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta

MOST = 20
WITHIN = timedelta(minutes=10)
REMEMBERED = 10_000
"""Addresses; the one that was wrong longest ago is forgotten first."""


class Guesses:
    def __init__(self) -> None:
        self._wrong: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wrong(self, address: str, now: datetime) -> bool:
        """Note a wrong guess; whether there have been too many."""
        moments = self._wrong.setdefault(address, deque(maxlen=MOST + 1))
        self._wrong.move_to_end(address)
        if len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)
        while moments and now - moments[0] > WITHIN:
            moments.popleft()
        moments.append(now)
        return len(moments) > MOST

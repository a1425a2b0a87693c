"""What stands in the examples of hints, questions and refusals: the reader's own goals, unit and colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Examples:
    """`kr`, `o`: of the reader's goals; `store`: the own one, or one of the company; `mate`, `other`: two of the own unit,
    and `number` the first one's employee number; `cycle`: the running quarter, `last` the one before; `cycles`: the names
    of those that have begun, the newest first.

    What somebody has none of is made up.
    """

    cycle: str
    last: str
    kr: str = "KR34"
    o: str = "O12"
    unit: str = "华东区"
    store: str = "西湖店"
    mate: str = "李四"
    other: str = "王五"
    number: str = "E0102"
    cycles: Sequence[str] = ()

    def another_cycle(self, shown: str) -> str:
        """One that is not on the card already; empty where there is no other."""
        return next((name for name in self.cycles if name != shown), "")

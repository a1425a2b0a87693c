"""What the data say of a week of somebody who sells: the figure, the funnel, and the place among comparable others
(docs/rules/weekly-report.md, docs/rules/funnels.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from okr.comparing import growth
from okr.funnels import Flow
from okr.policy import MetricSpec
from okr.ranking import Place


@dataclass(frozen=True, slots=True)
class Turn:
    """A figure of the days that count, and of the same days a week before; None where there are no points."""

    spec: MetricSpec
    now: Decimal | None
    before: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """As a share of what it was: 0.12 is 12 % more; None where there was nothing, or less, to grow from."""
        return growth(self.now, self.before)


@dataclass(frozen=True, slots=True)
class Standing:
    """One's place among so many; `gap` to the next one up, in the figure's unit, None for the first. Nobody is named."""

    place: Place
    count: int
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class Selling:
    figure: Turn | None = None
    flow: Flow | None = None
    standing: Standing | None = None

    @property
    def is_empty(self) -> bool:
        return self.figure is None and self.flow is None and self.standing is None

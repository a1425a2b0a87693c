"""Goals put together for a page: read, cut to what the asker may see, and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.board.goals import Block, Total, block, light_of, total
from cards.board.pages import Member
from handlers.asking import Asking
from handlers.sight import Sight, sight
from okr.numbers import percent
from okr.objectives import Objective
from okr.people import Person
from okr.permissions import Right
from okr.status import ObjectiveVerdict, judge_objective, worst


@dataclass(frozen=True, slots=True)
class Shelf:
    """Goals as the asker may see them here, and what he is to each."""

    asking: Asking
    seen: Sight
    goals: tuple[Objective, ...]
    verdicts: Mapping[int, ObjectiveVerdict]
    """By the objective's id: a page of a thousand goals judges each once."""

    def blocks(self, owners: Mapping[int, Person]) -> tuple[Block, ...]:
        asking = self.asking
        return tuple(
            block(
                one,
                owners[one.owner_id],
                asking.now,
                asking.policy,
                reports=self.seen.may(Right.REPORT, one) and not self.seen.in_group,
            )
            for one in self.goals
        )

    @property
    def total(self) -> Total | None:
        return total(self.goals, [self.verdicts[one.id] for one in self.goals], self.asking.today)


async def shelf(asking: Asking, found: Sequence[Objective]) -> Shelf:
    """Of these, what may be shown."""
    seen = await sight(asking, found)
    goals = tuple(seen.fit(one) for one in found if seen.shows(one))
    verdicts = {one.id: judge_objective(one, asking.today, asking.policy) for one in goals}
    return Shelf(asking, seen, goals, verdicts)


def member(verdicts: Sequence[ObjectiveVerdict], *, name: str, path: str, note: str) -> Member:
    """Somebody, or a unit, by the mean of these goals."""
    done = sum((one.progress.clamped for one in verdicts), Decimal(0)) / len(verdicts)
    return Member(
        name=name,
        path=path,
        note=note,
        done=percent(done),
        expected=percent(verdicts[0].expected),
        light=light_of(worst([one.status for one in verdicts])),
        goals=len(verdicts),
    )

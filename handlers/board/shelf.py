"""Goals put together for a page: read, cut to what the asker may see, and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cards.board.goals import Block, Total, block, light_of, stale_goals, total
from cards.board.pages import Member
from cards.goal import is_stale
from handlers.asking import Asking
from handlers.data_scales import stale
from handlers.sight import Sight, sight
from okr.moments import say_moment
from okr.numbers import percent
from okr.objectives import Objective
from okr.people import Person
from okr.permissions import Right
from okr.policy import Policy
from okr.status import ObjectiveVerdict, judge_objective, worst


@dataclass(frozen=True, slots=True)
class Shelf:
    """Goals as the asker may see them here, and what he is to each."""

    asking: Asking
    seen: Sight
    goals: tuple[Objective, ...]
    verdicts: Mapping[int, ObjectiveVerdict]
    """By the objective's id: a page of a thousand goals judges each once."""
    stale: frozenset[str]
    """Sources in trouble, where any of these goals shows what data say."""

    def blocks(self, owners: Mapping[int, Person]) -> tuple[Block, ...]:
        asking = self.asking
        return tuple(
            block(
                one,
                owners[one.owner_id],
                asking.now,
                asking.policy,
                reports=self.seen.may(Right.REPORT, one) and not self.seen.in_group,
                stale=self.stale,
                verdict=self.verdicts[one.id],
            )
            for one in self.goals
        )

    @property
    def silent(self) -> tuple[str, ...]:
        """`收银 周二 09:30 以后没有新数据,3 个数先按那时的算`, for each source in trouble."""
        found: dict[str, list[datetime]] = {}
        for one in self.goals if self.stale else ():
            for kr in one.counting:
                if kr.reading is not None and is_stale(kr, self.stale):
                    found.setdefault(kr.reading.source, []).append(kr.reading.at)
        now, zone = self.asking.now, self.asking.policy.zone
        return tuple(
            stale_goals(name, say_moment(max(moments), now, zone), len(moments))
            for name, moments in sorted(found.items())
        )

    @property
    def total(self) -> Total | None:
        return total(self.goals, [self.verdicts[one.id] for one in self.goals], self.asking.today)


class Judged:
    """What was said of each goal when it was looked at last. It holds as long as the goal, the day and the rules do: a page
    of a thousand goals that is looked at after every change judges those that changed.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: tuple[tuple[date, Policy] | None, dict[int, tuple[Objective, ObjectiveVerdict]]] = (
            None,
            {},
        )

    def of(self, goals: Sequence[Objective], today: date, policy: Policy) -> dict[int, ObjectiveVerdict]:
        by, known = self._known
        if by != (today, policy) or len(known) > self._most:
            known = {}
            self._known = ((today, policy), known)
        verdicts = {}
        for one in goals:
            last = known.get(one.id)
            if last is None or last[0] != one:
                last = known[one.id] = (one, judge_objective(one, today, policy))
            verdicts[one.id] = last[1]
        return verdicts


async def shelf(
    asking: Asking,
    found: Sequence[Objective],
    judged: Judged | None = None,
    owners: Mapping[int, Person] | None = None,
) -> Shelf:
    """Of these, what may be shown. `judged`: what was said of them last; `owners`: whom one need not ask for."""
    seen = await sight(asking, found, owners)
    shown = [one for one in found if seen.shows(one)]
    verdicts = (judged or Judged(len(shown))).of(shown, asking.today, asking.policy)
    goals = tuple(seen.fit(one) for one in shown)
    return Shelf(asking, seen, goals, verdicts, await stale(asking, goals))


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

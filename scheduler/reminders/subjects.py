"""The goals a reminder looks at: all that the database has chosen, or the one whose letter is about to go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, time

from okr import masking
from okr.objectives import KeyResult, Objective, State
from okr.people import Person
from okr.reminding import Reminder, ReminderRule
from scheduler.reminder import Glance
from storage import objectives, people
from storage.session import Session

TOGETHER = 64
"""Whole objectives held at a time: some milliseconds of work, in which nobody else has his turn."""


async def chunks_of(glance: Glance, ids: AsyncIterator[list[int]]) -> AsyncIterator[list[Objective]]:
    """Whole objectives, some at a time. For one subject the database's choice is not asked."""
    if glance.only.startswith("KR"):
        found = await objectives.with_key_result(glance.session, int(glance.only[2:]))
        if found is not None:
            yield [found]
        return
    async for chunk in each_of(glance.session, ids):
        yield chunk


async def each_of(session: Session, ids: AsyncIterator[list[int]]) -> AsyncIterator[list[Objective]]:
    """Whole objectives, each once, some at a time."""
    seen: set[int] = set()
    async for chunk in ids:
        fresh = [one for one in chunk if one not in seen]
        seen.update(fresh)
        for begin in range(0, len(fresh), TOGETHER):
            yield await objectives.by_ids(session, fresh[begin : begin + TOGETHER])


async def by_owner(
    session: Session, ids: AsyncIterator[list[int]]
) -> AsyncIterator[dict[int, list[Objective]]]:
    """Whole objectives of some owners at a time; `ids` brings those of one owner together."""
    async for chunk in ids:
        goals: dict[int, list[Objective]] = {}
        for begin in range(0, len(chunk), TOGETHER):
            for objective in await objectives.by_ids(session, chunk[begin : begin + TOGETHER]):
                goals.setdefault(objective.owner_id, []).append(masking.opened(objective))
        yield goals


@dataclass(frozen=True, slots=True)
class Case:
    """A key result in force, whose it is, and the rule as it holds for that person."""

    objective: Objective
    kr: KeyResult
    owner: Person
    rule: ReminderRule


async def cases_of(
    glance: Glance, reminder: Reminder, ids: AsyncIterator[list[int]]
) -> AsyncIterator[list[Case]]:
    """The key results in force of these objectives, some at a time, of those who want to hear of them."""
    async for chunk in chunks_of(glance, ids):
        owners = await people.by_ids(glance.session, sorted({objective.owner_id for objective in chunk}))
        found: list[Case] = []
        for objective in map(masking.opened, chunk):  # it goes to the owner and his superior
            owner = owners[objective.owner_id]
            rule = glance.rule(reminder, owner)
            if rule.on and owner.active and _is_in_force(objective, glance):
                found += [
                    Case(objective, kr, owner, rule)
                    for kr in objective.counting
                    if kr.state is State.ACTIVE and glance.only in ("", kr.ref)
                ]
        yield found


def _is_in_force(objective: Objective, glance: Glance) -> bool:
    cycle = objective.cycle
    return objective.state is State.ACTIVE and cycle.start <= glance.today <= cycle.end


def begin_of(case: Case, glance: Glance) -> datetime:
    """The first moment of the cycle, in company time."""
    return datetime.combine(case.objective.cycle.start, time(), glance.policy.zone)

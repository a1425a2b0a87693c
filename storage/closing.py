"""Closing a cycle locks its scores, opening it once more unlocks them; both are on record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from okr.lifecycle import CycleMove, cycle_after, state_on
from okr.objectives import Cycle, KeyResult, Kind, Objective, State
from okr.scoring import mean_scores, outcome, scored, suggested_score
from storage import check_ins, cycles, objectives, scores, trail
from storage.session import Session
from storage.trail import Deed

AT_A_TIME = 200
"""Owners whose objectives are read at once."""


@dataclass(frozen=True, slots=True)
class By:
    """Who closes or reopens: an employee on a platform, or (None) the bot by the calendar."""

    id: int | None
    platform: str
    at: datetime
    today: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What closing a cycle now would mean. `unscored`: owners of key results without a score, with how many."""

    objectives: int
    unscored: tuple[tuple[int, int], ...]
    unconfirmed: int
    drafts: int


async def outlook(session: Session, cycle: Cycle) -> Outlook:
    row = await session.one(
        "SELECT sum(CASE WHEN state = ? THEN 1 ELSE 0 END), sum(CASE WHEN state = ? AND score IS NULL THEN 1 ELSE 0 END),"
        " sum(CASE WHEN state IN (?, ?) THEN 1 ELSE 0 END) FROM objectives WHERE cycle_id = ?",
        str(State.ACTIVE),
        str(State.ACTIVE),
        str(State.DRAFT),
        str(State.PENDING),
        cycle.id,
    )
    assert row is not None
    rows = await session.all(
        "SELECT o.owner_id, count(*) FROM objectives o JOIN key_results k ON k.objective_id = o.id"
        " WHERE o.cycle_id = ? AND o.state = ? AND k.state = ? AND k.score IS NULL AND k.is_kpi = ?"
        " GROUP BY o.owner_id ORDER BY count(*) DESC, o.owner_id",
        cycle.id,
        str(State.ACTIVE),
        str(State.ACTIVE),
        False,
    )
    return Outlook(
        int(row[0] or 0), tuple((one[0], int(one[1])) for one in rows), int(row[1] or 0), int(row[2] or 0)
    )


async def suggestion(session: Session, kr: KeyResult) -> Decimal | None:
    """The score that the numbers suggest for a key result; None for a daily figure."""
    values = await check_ins.values_of(session, kr.id) if kr.measure.kind is Kind.MAINTAIN else ()
    return suggested_score(kr, values)


async def close(session: Session, cycle: Cycle, by: By) -> int:
    """Lock the scores of a cycle and close what is in force in it; how many objectives that were.

    What nobody has scored keeps what its numbers suggest. Raises IllegalCycleMove.
    """
    state = cycle_after(state_on(cycle.state, cycle, by.today), CycleMove.CLOSE, name=cycle.name)
    deeds = [await close_objective(session, objective, by) async for objective in _open(session, cycle)]
    await cycles.set_state(session, cycle.id, state)
    whole = Deed("关闭周期", by.at, by.id, by.platform, new=cycle.name, reason=by.reason)
    for deed in (*deeds, whole):
        await trail.record(session, deed)
    return len(deeds)


async def close_objective(session: Session, objective: Objective, by: By, *, confirm: bool = True) -> Deed:
    """Close one objective with the scores that it has, or that its numbers suggest; what is to be put on record.

    Without `confirm` its superior has yet to say yes to the score.
    """
    given: dict[int, Decimal] = {}
    for kr in objective.counting:
        score = kr.score if kr.score is not None or kr.is_kpi else await suggestion(session, kr)
        if score is not None:
            given[kr.id] = score
        await scores.close(session, kr.id, score)
    total = mean_scores(scored(objective, given)).all
    await scores.close_objective(session, objective.id, total if confirm else objective.score)
    worst = [outcome(given[kr.id], kr.commitment) for kr in objective.counting if kr.id in given]
    became = "、".join(dict.fromkeys(str(one) for one in worst))
    return Deed("关闭", by.at, by.id, by.platform, objective_id=objective.id, new=became, reason=by.reason)


async def reopen(session: Session, cycle: Cycle, by: By) -> int:
    """Open a closed cycle for corrections; how many objectives are in force again. Raises IllegalCycleMove."""
    state = cycle_after(cycle.state, CycleMove.REOPEN, name=cycle.name)
    opened = await scores.reopen(session, cycle.id)
    await cycles.set_state(session, cycle.id, state)
    await trail.record(session, Deed("重开周期", by.at, by.id, by.platform, new=cycle.name, reason=by.reason))
    return opened


async def _open(session: Session, cycle: Cycle) -> AsyncIterator[Objective]:
    """What is in force, and what was closed before its score was confirmed."""
    rows = await session.all(
        "SELECT DISTINCT owner_id FROM objectives WHERE cycle_id = ? AND (state = ? OR (state = ? AND score IS NULL))"
        " ORDER BY owner_id",
        cycle.id,
        str(State.ACTIVE),
        str(State.CLOSED),
    )
    owners = [row[0] for row in rows]
    for begin in range(0, len(owners), AT_A_TIME):
        some = owners[begin : begin + AT_A_TIME]
        for objective in await objectives.of_owners(session, some, cycle.id, (State.ACTIVE, State.CLOSED)):
            if objective.state is State.ACTIVE or objective.score is None:
                yield objective

"""Handing over: what is open with somebody becomes somebody else's, and the trail says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from okr.approvals import RequestState
from okr.handover import Belongings, Moved, OpenGoal, Redirected, who_decides
from okr.objectives import CycleState, State
from okr.requests import ChangeRequest, RequestKind
from storage import changes, co_writing, in_force, people, trail
from storage.changes import Verdict
from storage.session import Session
from storage.trail import Deed

_OPEN = f"o.state IN ({', '.join(repr(str(state)) for state in (State.DRAFT, State.PENDING, State.ACTIVE, State.PAUSED))})"
_KINDS = f"r.kind IN ({', '.join(repr(str(kind)) for kind in RequestKind)})"
_HELP_OPEN = "state IN ('waiting', 'accepted')"


@dataclass(frozen=True, slots=True)
class Handing:
    """Whose things go to whom. `by_id`: who says so, None for the bot. `confirm_by`: goals above that changed are
    looked at by then, whatever day the one before had. `admins` decide where nobody of the line may.
    """

    giver_id: int
    receiver_id: int
    at: datetime
    platform: str
    by_id: int | None = None
    confirm_by: date | None = None
    admins: Sequence[int] = ()


async def belongings(session: Session, employee_id: int) -> Belongings:
    """What is open with somebody; what belongs to a closed cycle is history."""
    rows = await session.all(
        "SELECT o.id, o.title, o.state, (SELECT count(*) FROM key_results k WHERE k.objective_id = o.id"
        " AND k.state NOT IN ('deleted', 'cancelled')) FROM objectives o JOIN cycles c ON c.id = o.cycle_id"
        f" WHERE o.owner_id = ? AND {_OPEN} AND c.state <> ? ORDER BY o.id",
        employee_id,
        str(CycleState.CLOSED),
    )
    goals = tuple(OpenGoal(row[0], row[1], row[2], row[3]) for row in rows)
    decisions = await session.all(
        "SELECT r.id FROM approvals a JOIN change_requests r ON r.id = a.request_id WHERE a.approver_id = ?"
        f" AND a.state = 'waiting' AND r.state = 'waiting' AND {_KINDS} ORDER BY r.id",
        employee_id,
    )
    helps = await session.all(
        f"SELECT id FROM help_requests WHERE asked_id = ? AND {_HELP_OPEN} ORDER BY id", employee_id
    )
    mine = {goal.id for goal in goals}
    asked = [one.id for one in await changes.waiting_of(session, employee_id) if one.objective_id in mine]
    return Belongings(goals, _ids(decisions), _ids(helps), tuple(asked))


def _ids(rows: Sequence[Sequence[int]]) -> tuple[int, ...]:
    return tuple(row[0] for row in rows)


async def applicants(session: Session, request_ids: Sequence[int]) -> list[int]:
    """Who waits for these decisions."""
    found = [await changes.by_id(session, one) for one in request_ids]
    return [request.applicant_id for request in found if request is not None]


async def supporters(session: Session, goal_ids: Sequence[int]) -> list[int]:
    """Whose goals in force support key results of these."""
    if not goal_ids:
        return []
    marks = ", ".join("?" * len(goal_ids))
    rows = await session.all(
        "SELECT DISTINCT o.owner_id FROM alignments a JOIN key_results p ON p.id = a.parent_kr_id"
        " LEFT JOIN key_results ck ON ck.id = a.child_kr_id"
        " JOIN objectives o ON o.id = coalesce(a.child_objective_id, ck.objective_id)"
        f" WHERE p.objective_id IN ({marks}) AND a.state IN ('active', 'unconfirmed') AND o.state = 'active'"
        " ORDER BY o.owner_id",
        *goal_ids,
    )
    return list(_ids(rows))


async def with_open_things(session: Session, limit: int) -> list[int]:
    """Leavers with whom something is open."""
    rows = await session.all(
        "SELECT e.id FROM employees e WHERE e.active = ? AND (EXISTS (SELECT 1 FROM objectives o JOIN cycles c"
        f" ON c.id = o.cycle_id WHERE o.owner_id = e.id AND {_OPEN} AND c.state <> ?)"
        " OR EXISTS (SELECT 1 FROM approvals a JOIN change_requests r ON r.id = a.request_id"
        f" WHERE a.approver_id = e.id AND a.state = 'waiting' AND r.state = 'waiting' AND {_KINDS})"
        f" OR EXISTS (SELECT 1 FROM help_requests h WHERE h.asked_id = e.id AND {_HELP_OPEN})) ORDER BY e.id LIMIT ?",
        False,
        str(CycleState.CLOSED),
        limit,
    )
    return list(_ids(rows))


async def move(session: Session, what: Belongings, handing: Handing) -> Moved:
    """Hand it all over. Call it last: it holds the end of the trail (`storage.trail`)."""
    giver, receiver = handing.giver_id, handing.receiver_id
    for goal in what.goals:
        await in_force.give_to(session, goal.id, receiver)
        await co_writing.part(session, goal.id, receiver)
        await _look_anew(session, goal.id, handing)
    for help_id in what.helps:
        await session.run(
            "UPDATE help_requests SET asked_id = ? WHERE id = ? AND asker_id <> ?",
            receiver,
            help_id,
            receiver,
        )
    goal_ids = [goal.id for goal in what.goals]
    await _asks_for(session, goal_ids, giver, receiver)
    redirected, stuck = await _redirect(session, what, handing)
    for goal in what.goals:
        await trail.record(session, _deed(handing, goal.id))
    for one in redirected:
        request = await changes.by_id(session, one.request_id)
        assert request is not None
        await trail.record(
            session,
            Deed(
                "交接审批", handing.at, handing.by_id, handing.platform, request.objective_id, request.kr_id,
                request.id, old=str(one.from_id), new=str(one.to_id), people=True,
            ),
        )  # fmt: skip
    return Moved(what, tuple(redirected), tuple(stuck))


def _deed(handing: Handing, objective_id: int) -> Deed:
    return Deed(
        action="交接",
        at=handing.at,
        actor_id=handing.by_id,
        platform=handing.platform,
        objective_id=objective_id,
        field="owner",
        old=str(handing.giver_id),
        new=str(handing.receiver_id),
        people=True,
    )


async def _look_anew(session: Session, objective_id: int, handing: Handing) -> None:
    """Who comes new to a goal is not late already in looking at what changed above it."""
    if handing.confirm_by is not None:
        await session.run(
            "UPDATE alignments SET confirm_by = ? WHERE state = 'unconfirmed' AND confirm_by < ? AND (child_objective_id = ?"
            " OR child_kr_id IN (SELECT id FROM key_results WHERE objective_id = ?))",
            handing.confirm_by,
            handing.confirm_by,
            objective_id,
            objective_id,
        )


async def _asks_for(session: Session, goal_ids: Sequence[int], giver: int, receiver: int) -> None:
    """What the one before asked others for, about these goals, is from now on asked by the new owner."""
    for goal_id in goal_ids:
        await session.run(
            "UPDATE change_requests SET applicant_id = ? WHERE applicant_id = ? AND state = 'waiting'"
            " AND objective_id = ? AND kind <> 'suggestion'",
            receiver,
            giver,
            goal_id,
        )
        await session.run(
            f"UPDATE help_requests SET asker_id = ? WHERE asker_id = ? AND {_HELP_OPEN} AND coalesce(asked_id, 0) <> ?"
            " AND kr_id IN (SELECT id FROM key_results WHERE objective_id = ?)",
            receiver,
            giver,
            receiver,
            goal_id,
        )


async def _redirect(
    session: Session, what: Belongings, handing: Handing
) -> tuple[list[Redirected], list[tuple[int, int]]]:
    """Find who decides now: what the giver had to decide, and what the receiver would have to about his own."""
    giver, receiver = handing.giver_id, handing.receiver_id
    theirs = {goal.id for goal in what.goals}
    wanted = [(request_id, giver) for request_id in what.decisions]
    wanted += [
        (one.id, receiver)
        for one in await changes.waiting_for(session, [receiver])
        if one.objective_id in theirs and one.id not in what.decisions
    ]
    redirected: list[Redirected] = []
    stuck: list[tuple[int, int]] = []
    for request_id, from_id in wanted:
        to_id = await _decider(session, request_id, handing)
        request = await changes.by_id(session, request_id)
        assert request is not None
        if to_id is None:
            await _withdraw(session, request, handing)
            stuck.append((request_id, request.applicant_id))
            continue
        await changes.hand_over(session, request_id, from_id, handing.at)
        version = await in_force.version_of(session, request.objective_id)
        if not await changes.ask_of(session, request_id, to_id, version, handing.at):
            await changes.reopen(session, request_id, to_id, version)
        redirected.append(Redirected(request_id, from_id, to_id, request.applicant_id))
    return redirected, stuck


async def _withdraw(session: Session, request: ChangeRequest, handing: Handing) -> None:
    """Nobody is left to decide it: what was proposed is a draft again, or is not added."""
    verdict = Verdict(RequestState.WITHDRAWN, handing.giver_id, handing.at, handing.platform)
    await changes.close(session, request.id, verdict)
    if request.kind is RequestKind.CREATE:
        await in_force.set_objective(session, request.objective_id, State.DRAFT)
    elif request.kind is RequestKind.ADD and request.kr_id is not None:
        await in_force.set_key_result(session, request.objective_id, request.kr_id, State.DELETED)


async def _decider(session: Session, request_id: int, handing: Handing) -> int | None:
    """The receiver, or where it is his own the next above in either line, or an administrator."""
    request = await changes.by_id(session, request_id)
    assert request is not None
    row = await session.one("SELECT owner_id FROM objectives WHERE id = ?", request.objective_id)
    barred = {request.applicant_id, handing.giver_id, *([row[0]] if row else [])}
    candidates: list[int] = [handing.receiver_id]
    found = await people.by_ids(session, [handing.receiver_id, handing.giver_id])
    for one in (handing.receiver_id, handing.giver_id):
        candidates += await people.line_above(session, found[one])
    here = await people.by_ids(session, candidates)
    able = [one for one in candidates if one in here and here[one].active]
    return who_decides([*able, *handing.admins], barred)

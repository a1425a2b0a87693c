"""A request with everything that its cards say: both versions, whom it touches, what it does above."""

from __future__ import annotations

from dataclasses import replace

from cards.change_request import Proposal, Upwards
from handlers.asking import Asking
from handlers.sight import in_group
from okr import masking
from okr.approvals import ChangeField, RequestState
from okr.numbers import say_percent
from okr.objectives import Objective, RollUp, State
from okr.progress import key_result_progress
from okr.refusals import NoSuchRequest
from okr.requests import ChangeRequest, RequestKind, applied, made
from storage import changes, cycles, in_force, objectives, people, roll_ups

FELT_BELOW = frozenset({
    ChangeField.TARGET,
    ChangeField.START,
    ChangeField.UNIT,
    ChangeField.BASIS,
    ChangeField.DEADLINE,
    ChangeField.TITLE,
    ChangeField.CANCEL,
    ChangeField.CREATE,
})  # fmt: skip
"""What those who support a goal have to know of."""


async def propose(asking: Asking, request: ChangeRequest, objective: Objective | None = None) -> Proposal:
    """Raises NoSuchRequest where the objective is gone.

    Amounts are as `objective` has them; without it as who is concerned by the request may see them here. A letter, a
    card of who decides and the record are made of `Proposal.opened`.
    """
    session = asking.session
    before = objective
    if before is None:
        found = await objectives.by_id(session, request.objective_id)
        if found is None:
            raise NoSuchRequest(request.ref)
        before = masking.covered(found) if in_group(asking) else masking.opened(found)
    waits = request.state is RequestState.WAITING
    if not waits:
        before = _as_it_was(before, request)
    after = applied(before, request)
    waiting = [
        part.approver_id for part in await changes.parts_of(session, request.id) if part.state == "waiting"
    ]
    below = await _below(asking, request, before)
    named = _ids(request, ChangeField.OWNER, "owner_id")
    known = await people.by_ids(
        session, [request.applicant_id, before.owner_id, *waiting, *(one for one, _ in below), *named]
    )
    return Proposal(
        request=request,
        before=before,
        after=after,
        applicant=known[request.applicant_id],
        owner=known[before.owner_id],
        approvers=[known[one].name for one in waiting if one in known],
        upwards=await _upwards(asking, before, after) if waits else None,
        below=below,
        told=[known[one].name for one, _ in below if one in known],
        people={id_: person.name for id_, person in known.items()},
        cycles=await cycles.names(session, _ids(request, ChangeField.CYCLE, "cycle_id")),
    )


async def _below(asking: Asking, request: ChangeRequest, before: Objective) -> list[tuple[int, int]]:
    """Owners of what rests on what would change, without those who know anyhow."""
    if not request.fields & FELT_BELOW:
        return []
    changed = [kr.id for kr in before.key_results if request.kr_id in (None, kr.id)]
    if request.kr_id is None and request.kind is RequestKind.CHANGE:
        return []
    knows = {request.applicant_id, before.owner_id}
    return [pair for pair in await in_force.owners_below(asking.session, changed) if pair[0] not in knows]


def _ids(request: ChangeRequest, field: ChangeField, name: str) -> list[int]:
    return [
        int(str(side[name]))
        for change in request.changes
        if change.field is field
        for side in (change.old, change.new)
        if side.get(name)
    ]


def _as_it_was(objective: Objective, request: ChangeRequest) -> Objective:
    """The objective with what a decided request has replaced."""
    old = {name: value for change in request.changes for name, value in change.old.items()}
    if request.kind is not RequestKind.CHANGE:
        state = State.DRAFT if request.kind is RequestKind.ADD else State.ACTIVE
        return replace(
            objective,
            key_results=tuple(
                replace(kr, state=state) if kr.id == request.kr_id else kr for kr in objective.key_results
            ),
        )
    if request.kr_id is None:
        return replace(objective, title=str(old.get("title", objective.title)))
    return replace(
        objective,
        key_results=tuple(made(kr, old) if kr.id == request.kr_id else kr for kr in objective.key_results),
    )


async def _upwards(asking: Asking, objective: Objective, after: Objective) -> Upwards | None:
    """The key result that is supported first of all; None where there is none."""
    if objective.parent_kr is None:
        return None
    above = await objectives.with_key_result(asking.session, objective.parent_kr)
    if above is None:
        return None
    owner = await people.by_id(asking.session, above.owner_id)
    kr = next(kr for kr in above.key_results if kr.id == objective.parent_kr)
    name = owner.name if owner else ""
    if kr.roll_up is RollUp.MANUAL:
        return Upwards(kr.ref, name)
    would_be = next(
        (one for one in await roll_ups.foresee(asking.session, after, asking.now) if one.id == kr.id), kr
    )
    was, will = key_result_progress(kr).clamped, key_result_progress(would_be).clamped
    old, new = say_percent(was), say_percent(will)
    return Upwards(kr.ref, name, old, new) if old != new else Upwards(kr.ref, name)

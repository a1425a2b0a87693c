"""A goal above has changed: the owners of what supports it are asked whether it still does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cards.change_request import Proposal, steps_of
from cards.notices import notice
from cards.sayings import kr_name
from chat.answers import Letter, Urgency
from handlers import supporting
from handlers.asking import Asking
from handlers.sight import sees_amounts_by_place
from okr.approvals import ChangeField
from okr.moments import say_day
from okr.objectives import KeyResult
from okr.people import Person
from okr.reminding import Reminder, ReminderRule
from okr.requests import RequestKind
from storage import alignments, people
from storage.alignments import EdgeState

DAYS_TO_CONFIRM = 3
"""Working days, where the company says nothing else."""
ASKED_ABOUT = frozenset({
    ChangeField.TARGET,
    ChangeField.START,
    ChangeField.UNIT,
    ChangeField.BASIS,
    ChangeField.DEADLINE,
    ChangeField.TITLE,
    ChangeField.WEIGHT,
    ChangeField.OWNER,
    ChangeField.CANCEL,
})  # fmt: skip
"""What may make a goal another one to support."""


@dataclass(frozen=True, slots=True)
class UpstreamChange:
    """What was changed, in the words people know: 目标值, 1,100 → 1,200 人; by whom, and who knows of it anyhow.

    `cancelled`: it is no longer there at all. `figures`: old and new are amounts, `owner` whose.
    """

    what: str
    old: str = ""
    new: str = ""
    by: str = ""
    reason: str = ""
    knows: Collection[int] = ()
    cancelled: bool = False
    figures: bool = False
    owner: Person | None = None


async def ask_below(asking: Asking, proposal: Proposal) -> tuple[Letter, ...]:
    """Ask below about everything that a request has just put in force. Call it when that is done."""
    request = proposal.request
    felt = [change.field for change in request.changes if change.field in ASKED_ABOUT]
    whole = request.kr_id is None
    if request.kind not in (RequestKind.CHANGE, RequestKind.CANCEL) or not felt:
        return ()
    if whole and request.kind is RequestKind.CHANGE and ChangeField.OWNER not in felt:
        return ()
    proposal = proposal.opened()
    steps = [
        step
        for step, change in zip(steps_of(proposal), request.changes, strict=False)
        if change.field in felt and step.old != step.new
    ]
    if not steps:
        return ()
    change = UpstreamChange(
        what="、".join(step.name for step in steps),
        old=steps[0].old if len(steps) == 1 else "",
        new=steps[0].new if len(steps) == 1 else "",
        by=proposal.applicant.name,
        reason=request.reason,
        knows={request.applicant_id, proposal.before.owner_id, asking.asker.id},
        cancelled=request.kind is RequestKind.CANCEL,
        figures=steps_of(proposal) != steps_of(proposal.covered()),
        owner=proposal.owner,
    )
    letters: list[Letter] = []
    for kr in proposal.before.key_results:
        if request.kr_id in (None, kr.id):
            letters += await upstream_changed(asking, kr, change)
    return tuple(letters)


async def upstream_changed(asking: Asking, kr: KeyResult, change: UpstreamChange) -> tuple[Letter, ...]:
    """Ask the owners of all that supports a key result again, and return the letters."""
    rule = asking.policy.reminders.get(Reminder.UPSTREAM_CHANGED, ReminderRule())
    days = int(rule.numbers.get("confirm_days", DAYS_TO_CONFIRM))
    until = asking.policy.calendar.after(asking.today, days)
    letters: list[Letter] = []
    for edge in await alignments.children_of(asking.session, kr.id):
        supporter = await supporting.supporter_of(asking, edge.child)
        owner_id = supporter.objective.owner_id
        if owner_id in change.knows or supporter.draft:
            continue
        unconfirmed = EdgeState.UNCONFIRMED
        if not await alignments.set_state(asking.session, edge, unconfirmed, at=asking.now, confirm_by=until):
            continue
        told = not change.figures or await _sees(asking, owner_id, change.owner)
        own = supporter.kr or next(iter(supporter.objective.counting), None)
        card = notice(
            "upstream_changed",
            about=supporter.objective.ref,
            ref=supporter.ref,
            name=supporter.name,
            kr=own.ref if own else supporter.ref,
            parent=kr.ref,
            parent_name=kr_name(kr),
            who=change.by,
            reason=change.reason,
            what=change.what,
            old=change.old if told else "",
            new=change.new if told else "",
            cancelled=change.cancelled,
            until=say_day(until, asking.today),
        )
        once = f"upstream:{edge.id}:{asking.event.event_id}"
        letters.append(Letter(owner_id, card, once[:200], Urgency.COLLABORATION))
    return tuple(letters)


async def _sees(asking: Asking, person_id: int, owner: Person | None) -> bool:
    """Whether amounts of the goal above are for who supports it: he may be of another store."""
    person = await people.by_id(asking.session, person_id)
    return person is not None and owner is not None and sees_amounts_by_place(asking, person, owner)

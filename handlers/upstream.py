"""A goal above has changed: the owners of what supports it are asked whether it still does."""

from __future__ import annotations

from dataclasses import dataclass

from cards.notices import notice
from cards.sayings import kr_name
from chat.answers import Letter, Urgency
from handlers import supporting
from handlers.asking import Asking
from okr.moments import say_day
from okr.objectives import KeyResult
from storage import alignments
from storage.alignments import EdgeState

DAYS_TO_CONFIRM = 3
"""Working days."""


@dataclass(frozen=True, slots=True)
class UpstreamChange:
    """What was changed, in the words people know: 目标值, 1,100 → 1,200 人. `cancelled`: it is no longer there at all."""

    what: str
    old: str = ""
    new: str = ""
    cancelled: bool = False


async def upstream_changed(asking: Asking, kr: KeyResult, change: UpstreamChange) -> tuple[Letter, ...]:
    """Ask the owners of all that supports `kr` again, and return the letters; call it when the change is in force.

    Who made or asked for the change himself is not asked about his own.
    """
    until = asking.policy.calendar.after(asking.today, DAYS_TO_CONFIRM)
    letters: list[Letter] = []
    for edge in await alignments.children_of(asking.session, kr.id):
        supporter = await supporting.supporter_of(asking, edge.child)
        owner_id = supporter.objective.owner_id
        if owner_id == asking.asker.id or supporter.draft:
            continue
        if not await alignments.set_state(
            asking.session, edge, EdgeState.UNCONFIRMED, at=asking.now, by=None, confirm_by=until
        ):
            continue
        card = notice(
            "upstream_changed",
            about=supporter.objective.ref,
            ref=supporter.ref,
            name=supporter.name,
            kr=(supporter.kr or supporter.objective.key_results[0]).ref
            if supporter.objective.key_results
            else "",
            parent=kr.ref,
            parent_name=kr_name(kr),
            who=asking.asker.name,
            what=change.what,
            old=change.old,
            new=change.new,
            cancelled=change.cancelled,
            until=say_day(until, asking.today),
        )
        once = f"upstream:{edge.id}:{asking.event.event_id}"
        letters.append(Letter(owner_id, card, once[:200], Urgency.COLLABORATION))
    return tuple(letters)

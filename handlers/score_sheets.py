"""What an objective's scores are, as they are shown, asked for and sent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal

from cards.scores import Line, Sheet, confirming_card, score_card, told_card
from chat.answers import Letter, Urgency
from chat.card import Card
from handlers import goals
from handlers.approvers import acts_for, substituted
from handlers.asking import Asking
from okr import permissions
from okr.cycle import days_left
from okr.objectives import CycleState, Objective, State
from okr.people import Person
from storage import closing, objectives, people, scores

SCORED_STATES = (State.ACTIVE, State.CLOSED)


async def sheet_of(asking: Asking, objective: Objective) -> Sheet:
    given = await scores.of(asking.session, [objective.id])
    return await _sheet(asking, objective, given)


async def lines_of(asking: Asking, owners: Sequence[Person], cycle_id: int) -> list[Line]:
    """The objectives of these people in a cycle, each with its scores; those without anything to score are left out."""
    found = await objectives.of_owners(
        asking.session, [owner.id for owner in owners], cycle_id, SCORED_STATES
    )
    names = {owner.id: owner.name for owner in owners}
    given = await scores.of(asking.session, [objective.id for objective in found])
    lines = [Line(names[objective.owner_id], await _sheet(asking, objective, given)) for objective in found]
    return [line for line in lines if line.sheet.scoring]


async def _sheet(asking: Asking, objective: Objective, given: dict[int, scores.Mark]) -> Sheet:
    suggested: dict[int, Decimal] = {}
    for kr in objective.counting:
        score = await closing.suggestion(asking.session, kr)
        if score is not None:
            suggested[kr.id] = score
    return Sheet(
        objective,
        suggested,
        {kr_id: mark for kr_id, mark in given.items() if kr_id in suggested},
        early=days_left(objective.cycle, asking.today),
        locked=objective.cycle.state is CycleState.CLOSED,
    )


async def may_confirm(asking: Asking, owner: Person) -> bool:
    """The superior, or who stands in for him today; who has no superior himself."""
    if asking.asker.id == owner.id:
        return permissions.may_confirm_score(asking.asker, owner)
    return owner.manager_id is not None and owner.manager_id in await acts_for(asking)


async def shown_sheet(asking: Asking, objective: Objective, owner: Person) -> Card:
    return score_card(
        await sheet_of(asking, objective),
        owner.name,
        own=owner.id == asking.asker.id,
        may_score=permissions.may_score(asking.asker, owner),
        may_confirm=await may_confirm(asking, owner),
    )


async def to_confirm(asking: Asking, owner: Person, sheet: Sheet) -> tuple[Letter, ...]:
    """The letter to the owner's superior, once for these very scores; none where there is no superior."""
    if owner.manager_id is None:
        return ()
    manager = await people.by_id(asking.session, owner.manager_id)
    if manager is None or not manager.active:
        return ()
    asked = (await substituted(asking, manager, not_=(owner.id,))).person
    said = ";".join(f"{kr.id}:{sheet.score_of(kr)}" for kr in sheet.scoring)
    digest = hashlib.sha256(said.encode()).hexdigest()[:16]
    return (
        Letter(
            asked.id,
            confirming_card(sheet, owner.name),
            f"score:{sheet.objective.id}:{digest}",
            Urgency.DECISION,
        ),
    )


def told(asking: Asking, sheet: Sheet) -> Letter:
    """The letter to the owner after the superior has confirmed."""
    once = f"score_told:{sheet.objective.id}:{asking.event.event_id}"
    return Letter(sheet.objective.owner_id, told_card(sheet, asking.asker.name), once, Urgency.DECISION)


async def owner_and_objective(asking: Asking, number: int) -> tuple[Person, Objective]:
    objective = await goals.objective_by_number(asking, number)
    return await goals.owner_of(asking, objective), objective

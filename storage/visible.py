"""Whether somebody may see a goal, for what the bot does unasked."""

from __future__ import annotations

from datetime import date

from okr.objectives import Objective, State, Visibility
from okr.people import Person
from okr.permissions import may_see, roles_of
from okr.policy import Policy
from storage import relations
from storage.session import Session


async def is_visible(
    session: Session, person: Person, owner: Person, objective: Objective, today: date, policy: Policy
) -> bool:
    """What all may see needs no second look."""
    if objective.visibility is Visibility.PUBLIC and objective.state is State.ACTIVE:
        return True
    ties = await relations.ties_to(session, person, [objective], {owner.id: owner, person.id: person}, today)
    return may_see(roles_of(person, owner, policy, ties[objective.id]), objective)

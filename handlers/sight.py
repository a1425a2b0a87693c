"""Who may see what of which goal, asked once for all the goals of an answer; amounts are opened here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat.events import ChatKind
from handlers.asking import Asking
from okr import masking, permissions
from okr.objectives import Objective, Visibility
from okr.people import Person
from okr.permissions import Right, Role, Ties
from storage import people, reads, relations


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person is to some goals, by their ids, and where he would read of them."""

    roles: Mapping[int, frozenset[Role]]
    owners: Mapping[int, Person]
    in_group: bool = False

    def may(self, right: Right, objective: Objective) -> bool:
        return permissions.grants(right, self.roles[objective.id])

    def sees(self, objective: Objective) -> bool:
        return permissions.may_see(self.roles[objective.id], objective)

    def shows(self, objective: Objective) -> bool:
        """Whether it may be part of an answer here: in a group only what everybody may see."""
        return self.sees(objective) and not (self.in_group and objective.visibility is not Visibility.PUBLIC)

    def fit(self, objective: Objective) -> Objective:
        """The objective as it may be shown here: a group holds people who may not see amounts, whoever asks."""
        open_ = not self.in_group and permissions.may_see_amounts(self.roles[objective.id], objective)
        return masking.opened(objective) if open_ else masking.covered(objective)


def in_group(asking: Asking) -> bool:
    return asking.event.conversation.kind is ChatKind.GROUP


async def sight(
    asking: Asking, objectives: Sequence[Objective], known: Mapping[int, Person] | None = None
) -> Sight:
    """What the asker may see of these, here. `known`: owners who need not be asked for."""
    return await _of(asking, asking.asker, objectives, group=in_group(asking), known=known)


async def sight_of(asking: Asking, person: Person, objectives: Sequence[Objective]) -> Sight:
    """What somebody else may see of these, in a letter."""
    return await _of(asking, person, objectives, group=False)


async def fit(asking: Asking, objective: Objective) -> Objective:
    """The objective as it may be shown to the asker, here."""
    return (await sight(asking, [objective])).fit(objective)


async def _of(
    asking: Asking,
    person: Person,
    objectives: Sequence[Objective],
    *,
    group: bool,
    known: Mapping[int, Person] | None = None,
) -> Sight:
    owners = {**(known or {}), person.id: person}
    others = sorted({one.owner_id for one in objectives} - owners.keys())
    if others:
        owners |= await people.by_ids(asking.session, others)
    ties = await relations.ties_to(asking.session, person, objectives, owners, asking.today)
    alike: dict[tuple[int, Ties], frozenset[Role]] = {}  # what one is to several goals of one owner
    roles: dict[int, frozenset[Role]] = {}
    for one in objectives:
        key = (one.owner_id, ties[one.id])
        if key not in alike:
            alike[key] = permissions.roles_of(person, owners[one.owner_id], asking.policy, ties[one.id])
        roles[one.id] = alike[key]
    return Sight(roles, owners, group)


def sees_amounts_by_place(asking: Asking, person: Person, owner: Person) -> bool:
    """Whether somebody may see the amounts of this owner's goals by what the two persons alone tell, asking nothing."""
    roles = permissions.roles_of(person, owner, asking.policy)
    return permissions.grants(Right.SEE_AMOUNTS, roles)


_OFFICIAL = frozenset({Role.MANAGER, Role.ACTING, Role.LINE, Role.UNIT_HEAD, Role.HR, Role.ADMIN})
"""Who looks at somebody's goals because of what he is, not as a colleague."""


async def looked_at(asking: Asking, seen: Sight, objectives: Sequence[Objective], what: str) -> None:
    """Note for their owners that somebody above them, of personnel or an administrator has read these."""
    owners = {one.owner_id for one in objectives if seen.roles[one.id] & _OFFICIAL}
    await reads.note(
        asking.session, owners - {asking.asker.id}, asking.asker.id, what, asking.today, asking.now
    )

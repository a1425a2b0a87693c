"""Groups that follow a unit: what a reminder tells them. Numbers of all together and praise, nothing bad about one person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from chat.events import ChatKind, Conversation, PlatformName
from okr.objectives import Objective, State, Visibility
from okr.people import Person
from okr.policy import Policy
from okr.windows import opening
from scheduler.reminder import Glance, Group, Nudge, Watch
from storage import cycles, follows, objectives, people, wishes
from storage.session import Session

MEMBERS = 20_000
"""More than any company has."""
TOGETHER = 200
"""People whose goals are held at a time."""
FEWEST = 3
"""Of fewer people a number would be somebody's own."""


async def listening(session: Session, where: Conversation | None = None) -> list[Group]:
    """Every group with each unit that it follows; `where`: only this one. What is no unit any more is left out."""
    found: list[Group] = []
    for follower, target in await follows.groups(session):
        if where is not None and (follower.platform, follower.conversation_id) != (where.platform, where.id):
            continue
        members = await people.in_unit(session, target, MEMBERS)
        if members:
            place = Conversation(PlatformName(follower.platform), follower.conversation_id, ChatKind.GROUP)
            found.append(Group(place, target, tuple(members)))
    return found


async def everything(watch: Watch, glance: Glance) -> list[Nudge]:
    """What a reminder has to say to people and to groups."""
    nudges = list(await watch.look(glance))
    if watch.to_group is not None:
        for group in await listening(glance.session):
            nudges += await watch.to_group(glance, group)
    return nudges


async def again(
    watch: Watch, glance: Glance, where: Conversation, variant: str
) -> tuple[Nudge, Group] | None:
    """What a letter to a group would say now, and which of its units it is about; None where its cause is gone."""
    assert watch.to_group is not None
    for group in await listening(glance.session, where):
        for nudge in await watch.to_group(glance, group):
            if (nudge.variant, nudge.subject) == (variant, glance.only):
                return nudge, group
    return None


def opening_of(group: Group, now: datetime, policy: Policy) -> datetime | None:
    """The first moment at which the group may be written to: a store's quiet hours, or those of the office."""
    member = next((person for person in group.people if not person.store), group.people[0])
    return opening(now, member, (), policy.window, policy.calendar)


async def goals_of(glance: Glance, group: Group) -> AsyncIterator[tuple[Person, list[Objective]]]:
    """Who of the unit has goals in force that everybody may see, and those goals, with their amounts covered."""
    cycle = await cycles.running(glance.session, glance.today)
    for begin in range(0, len(group.people), TOGETHER):
        some = group.people[begin : begin + TOGETHER]
        goals: dict[int, list[Objective]] = {}
        for objective in await objectives.of_owners(glance.session, [one.id for one in some], cycle.id):
            if objective.visibility is Visibility.PUBLIC and objective.state is State.ACTIVE:
                goals.setdefault(objective.owner_id, []).append(objective)
        for person in some:
            if person.id in goals:
                yield person, goals[person.id]


async def may_be_praised(glance: Glance, person: Person, subject: str) -> bool:
    """Whether somebody minds being praised in groups."""
    said = await wishes.of(glance.session, person.id, glance.now)
    return wishes.silences(said, wishes.GROUP_PRAISE, subject) is None

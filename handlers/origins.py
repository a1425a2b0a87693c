"""目标来源: how much comes from above and how much from oneself, by weight, per person and per team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.origins import Row, farthest_first, origins_card
from chat.answers import Answer
from handlers.asking import Asking, shown
from handlers.colleagues import meant_person, mentioned
from handlers.examples import examples_for
from handlers.route import Route
from handlers.sight import in_group, sight
from okr.objectives import Objective
from okr.origin import Origins, origins_of, origins_of_team
from okr.people import Person
from okr.refusals import NoSuchPerson
from storage import cycles, objectives, people

MOST = 500
"""People of a team that are looked at."""


@dataclass(frozen=True, slots=True)
class Split:
    """Of one person or of several: `whole` is None where nobody has a goal in force; `rows`: those who have some.

    `kr`: one of the asker's own, for an example that works; `private`: it is about the asker alone.
    """

    name: str
    cycle: str
    members: int
    whole: Origins | None
    rows: Sequence[Row]
    kr: str
    private: bool


async def origins(asking: Asking) -> Answer:
    """目标来源 · 目标来源 华东区 · 目标来源 @李四"""
    one = await split(asking, "目标来源")
    card = origins_card(
        one.name,
        one.cycle,
        one.whole,
        # In a group nobody is singled out.
        one.rows if one.members > 1 and not in_group(asking) else [],
        without=one.members - len(one.rows),
        share=asking.policy.top_down_share,
        tolerance=asking.policy.origin_tolerance,
        kr=one.kr,
        eg=await examples_for(asking),
    )
    return shown(card, restricted=one.private)


async def split(asking: Asking, command: str) -> Split:
    """Of whom the words tell; else the asker's own, and that of the team for who leads one.

    Raises NoSuchPerson; Misunderstood where a name is of several, who are offered behind `command`.
    """
    words = asking.rest.strip()
    if not words and not mentioned(asking):
        me = asking.asker
        team = [me, *await people.reports_of(asking.session, me.id)]
        return await _of(asking, "我的团队" if len(team) > 1 else me.name, team, private=len(team) == 1)
    if words and (members := await people.in_unit(asking.session, words, MOST)):
        return await _of(asking, words, members)
    person = await meant_person(asking, words, command)
    if person is None:
        raise NoSuchPerson(words)
    return await _of(asking, person.name, [person])


async def _of(asking: Asking, name: str, members: Sequence[Person], *, private: bool = False) -> Split:
    cycle = await cycles.running(asking.session, asking.today)
    found = await objectives.of_owners(asking.session, [person.id for person in members], cycle.id)
    seen = await sight(asking, found)
    rows: list[Row] = []
    for person in members:
        mine = [one for one in found if one.owner_id == person.id and seen.shows(one)]
        counted = _counted(asking, mine)
        if counted is not None:
            rows.append(Row(person.name, person.id == asking.asker.id, counted))
    first = next((kr.ref for one in found if one.owner_id == asking.asker.id for kr in one.counting), "")
    whole = origins_of_team(row.split for row in rows)
    return Split(name, cycle.name, len(members), whole, farthest_first(rows), first, private)


def _counted(asking: Asking, mine: Sequence[Objective]) -> Origins | None:
    return origins_of(mine, share=asking.policy.top_down_share, tolerance=asking.policy.origin_tolerance)


ROUTES = (
    Route(
        words=("目标来源",),
        handle=origins,
        topic="看",
        does="自上而下和自下而上各占多少",
        examples=("目标来源", "目标来源 {unit}", "目标来源 @{mate}"),
    ),
)

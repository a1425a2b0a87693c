"""目标来源: how much comes from above and how much from oneself, by weight, per person and per team."""

from __future__ import annotations

from collections.abc import Sequence

from cards.origins import Row, origins_card
from chat.answers import Answer
from chat.events import ChatKind
from handlers.asking import Asking, shown
from handlers.colleagues import meant_person, mentioned
from handlers.route import Route
from handlers.sight import sight
from okr.objectives import Objective
from okr.origin import Origins, origins_of, origins_of_team
from okr.people import Person
from okr.refusals import NoSuchPerson
from storage import cycles, objectives, people

MOST = 500
"""People of a team that are looked at."""


async def origins(asking: Asking) -> Answer:
    """目标来源 · 目标来源 华东区 · 目标来源 @李四"""
    words = asking.rest.strip()
    if not words and not mentioned(asking):
        return await _of_asker(asking)
    if words and (members := await people.in_unit(asking.session, words, MOST)):
        return await _of(asking, words, members)
    person = await meant_person(asking, words, "目标来源")
    if person is None:
        raise NoSuchPerson(words)
    return await _of(asking, person.name, [person])


async def _of_asker(asking: Asking) -> Answer:
    """One's own, and that of the team for who leads one."""
    me = asking.asker
    team = [me, *await people.reports_of(asking.session, me.id)]
    return await _of(asking, "我的团队" if len(team) > 1 else me.name, team, own=True)


async def _of(asking: Asking, name: str, members: Sequence[Person], *, own: bool = False) -> Answer:
    cycle = await cycles.running(asking.session, asking.today)
    in_group = asking.event.conversation.kind is ChatKind.GROUP  # there nobody is singled out
    found = await objectives.of_owners(asking.session, [person.id for person in members], cycle.id)
    seen = await sight(asking, found)
    rows: list[Row] = []
    splits: list[Origins] = []
    for person in members:
        mine = [one for one in found if one.owner_id == person.id and seen.shows(one)]
        split = _split(asking, mine)
        if split is not None:
            splits.append(split)
            rows.append(Row(person.name, person.id == asking.asker.id, split))
    first = next((kr.ref for one in found if one.owner_id == asking.asker.id for kr in one.counting), "")
    return shown(
        origins_card(
            name,
            cycle.name,
            origins_of_team(splits),
            rows if len(members) > 1 and not in_group else [],
            without=len(members) - len(rows),
            share=asking.policy.top_down_share,
            tolerance=asking.policy.origin_tolerance,
            kr=first,
        ),
        restricted=own and len(members) == 1,
    )


def _split(asking: Asking, mine: Sequence[Objective]) -> Origins | None:
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

"""年度方向: what the year is for, and which quarter's objective belongs to it."""

from __future__ import annotations

import re

from cards.directions import Direction, directions_card
from cards.notices import Choice, notice, question
from cards.sayings import o_name
from chat.answers import Answer
from handlers import belonging, drafts, goals, on_record, supporting
from handlers.asking import Asking, Misunderstood, shown
from handlers.reading.ids import take_ref
from handlers.route import Role, Route
from handlers.sight import sight
from handlers.supporting import Supporter
from okr.alignment import overlap
from okr.objectives import Objective, State
from okr.refusals import PeriodsDoNotOverlap, ReasonNeeded
from okr.status import judge_objective
from storage import cycles, directions, people

_EXCEPTION = re.compile("^(?:标?为?|是)?例外[ :,]*(?:原因|因为)?[ :,]*")
_AWAY = re.compile("^(?:取消|不要|没有)")
LONGEST_REASON = 200


async def new_direction(asking: Asking) -> Answer:
    """新建年度方向 …: an objective of the year, by who leads somebody."""
    await belonging.require_leader(asking)
    if not asking.rest:
        return shown(
            question("new_direction", [], awaits="新建年度方向", year=asking.today.year), restricted=True
        )
    cycle = await cycles.year_of(asking.session, asking.today)
    return await drafts.new_in(asking, cycle)


async def direction(asking: Asking) -> Answer:
    """方向 · 方向 O12 O3 · 方向 O12 例外 原因"""
    ref, rest = take_ref(asking.rest or asking.about, "O")
    if ref is None or ref.kind != "O":
        if asking.rest:
            raise Misunderstood(notice("how_to_direct", said=asking.rest[:20]))
        return await _all(asking)
    objective = await goals.objective_by_number(asking, ref.number)
    if not rest:
        return await _which(asking, objective)
    await supporting.require_supporters_owner(asking, Supporter(objective), "改年度方向")
    supporting.require_open(objective, objective.ref)
    if directions.is_annual(objective.cycle):
        return shown(notice("is_a_direction", about=objective.ref, name=o_name(objective), ref=objective.ref))
    if _EXCEPTION.match(rest):
        return await _exception(asking, objective, _EXCEPTION.sub("", rest))
    if _AWAY.match(rest):
        return await _set(asking, objective, None, "")
    to, left = take_ref(rest, "O")
    if to is None or to.kind != "O" or left:
        raise Misunderstood(notice("how_to_direct", said=rest[:20]))
    return await _under(asking, objective, await goals.objective_by_number(asking, to.number))


async def _under(asking: Asking, objective: Objective, above: Objective) -> Answer:
    if not directions.is_annual(above.cycle):
        raise Misunderstood(
            notice(
                "no_direction", about=objective.ref, name=o_name(above), ref=above.ref, cycle=above.cycle.name
            )
        )
    if not overlap(objective.cycle, above.cycle):
        raise PeriodsDoNotOverlap(objective.ref, above.ref, objective.cycle.name, above.cycle.name)
    return await _set(asking, objective, above, "")


async def _exception(asking: Asking, objective: Objective, reason: str) -> Answer:
    if not reason:
        if asking.pressed:
            return shown(
                question(
                    "why_exception",
                    [],
                    about=objective.ref,
                    awaits=f"方向 {objective.ref} 例外",
                    name=o_name(objective),
                    ref=objective.ref,
                ),
                restricted=True,
            )
        raise ReasonNeeded("不归任何年度方向,", f"方向 {objective.ref} 例外 临时的专项")
    return await _set(asking, objective, None, reason[:LONGEST_REASON])


async def _set(asking: Asking, objective: Objective, above: Objective | None, reason: str) -> Answer:
    await directions.set_direction(asking.session, objective.id, above.id if above else None, reason)
    await on_record.put(
        asking,
        "年度方向",
        objective,
        old=f"O{objective.direction}" if objective.direction else "",
        new=above.ref if above else "例外" if reason else "",
        reason=reason,
    )
    if objective.state is State.DRAFT:
        return await drafts.draft_shown(
            asking,
            objective.id,
            news=f"归到 {above.ref}" if above else "标成例外了" if reason else "方向去掉了",
        )
    card = notice(
        "directed",
        about=objective.ref,
        name=o_name(objective),
        ref=objective.ref,
        direction=o_name(above) if above else "",
        reason=reason,
    )
    return shown(card, in_place=True)


async def _which(asking: Asking, objective: Objective) -> Answer:
    """Which of the year's it belongs to: to choose from."""
    found = [
        one
        for one in await directions.of_day(asking.session, objective.cycle.start)
        if one.id != objective.id
    ]
    choices = [Choice(f"{one.ref} {one.title}"[:20], f"方向 {objective.ref} {one.ref}") for one in found[:4]]
    choices.append(Choice("例外", f"方向 {objective.ref} 例外"))
    return shown(
        question(
            "which_direction",
            choices,
            about=objective.ref,
            ref=objective.ref,
            name=o_name(objective),
            now=await belonging.name_of(asking, objective),
            year=objective.cycle.start.year,
            any=bool(found),
        ),
        restricted=objective.state is State.DRAFT,
    )


async def _all(asking: Asking) -> Answer:
    """The year's directions, with how far each is and how many objectives belong to it."""
    found = await directions.of_day(asking.session, asking.today)
    owners = await people.by_ids(asking.session, sorted({one.owner_id for one in found}))
    seen = await sight(asking, found)
    visible = [one for one in found if seen.shows(one)]
    counted = await directions.belonging(asking.session, [one.id for one in visible])
    rows = [
        Direction(
            one,
            owners[one.owner_id].name,
            judge_objective(one, asking.today, asking.policy),
            counted.get(one.id, 0),
        )
        for one in visible
    ]
    return shown(directions_card(rows, asking.today.year))


ROUTES = (
    Route(
        words=("新建年度方向",),
        handle=new_direction,
        topic="定目标",
        does="写一个全年的方向,季度的目标归到它下面",
        examples=("新建年度方向 做周边三公里的第一选择\nKR 会员数 从 10万 到 20万 人",),
        role=Role.MANAGER,
    ),
    Route(
        words=("方向", "年度方向"),
        handle=direction,
        topic="定目标",
        does="今年的方向;我的目标归哪个方向,或者是例外",
        examples=("方向", "方向 {o} O3", "方向 {o} 例外 临时的专项"),
    ),
)

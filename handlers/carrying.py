"""结转: key results that are not done go on in the next cycle as a draft; the old objective is closed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from cards.carrying import Carried, carrying_card
from cards.notices import notice
from cards.sayings import o_name
from chat.answers import Answer
from handlers import goals, on_record, periods
from handlers.asking import Asking, shown
from handlers.drafts import draft_shown
from handlers.reading.ids import find_refs
from handlers.reading.periods import take_period
from handlers.route import Route
from okr.carry_over import carried
from okr.cycle import Period, like
from okr.objectives import Cycle, CycleState, Objective, State
from okr.refusals import NoSuchCycle, NoSuchGoal
from storage import carrying, closing, in_force, objectives, trail, visibility
from storage.closing import By
from storage.trail import Deed

_CLOSING = "收尾"


async def carry_over(asking: Asking) -> Answer:
    """结转 O12 · 结转 KR34 KR35 到 2027Q1 · 确认 结转 KR34 到 2027Q1 收尾"""
    words, to, where = asking.rest.partition("到")
    objective, chosen = await _meant(asking, words)
    await goals.require_draft_owner(asking, objective, objective.ref)
    period, _ = take_period(where.strip(), asking.today) if to else (None, "")
    if to and period is None:
        raise NoSuchCycle(where.strip().split(" ")[0])
    period = period or _following(asking, objective)
    if period.start <= objective.cycle.start:
        raise NoSuchCycle(period.name)
    if objective.state in (State.DRAFT, State.PENDING):
        card = notice(
            "carry_draft", about=objective.ref, ref=objective.ref, name=o_name(objective), cycle=period.name
        )
        return shown(card, restricted=True)
    cycle = await periods.opened(asking, period)
    if asking.confirmed:
        await in_force.lock(asking.session, objective.id)
    made = await carrying.made_from(asking.session, objective.id, cycle.id)
    if made is not None:
        return shown(
            notice(
                "carried_before",
                about=f"O{made}",
                name=o_name(objective),
                made=f"O{made}",
                cycle=cycle.name,
            ),
            restricted=True,
        )
    items = _items(objective, chosen)
    if not any(item.chosen for item in items):
        return shown(notice("nothing_to_carry", name=o_name(objective), cycle=cycle.name))
    if not asking.confirmed:
        card = carrying_card(objective, items, cycle.name, running=asking.today <= objective.cycle.end)
        return shown(card, in_place=asking.pressed, restricted=True)
    return await _carry(asking, objective, items, cycle, close=_CLOSING in where)


async def _meant(asking: Asking, words: str) -> tuple[Objective, Collection[int]]:
    """The objective, and which of its key results are meant; none named is all that are left to do."""
    refs = [ref for _, _, ref in find_refs(words or asking.about) if ref.kind in ("O", "KR")]
    if not refs:
        raise NoSuchGoal("要结转的目标")
    named = [ref.number for ref in refs if ref.kind == "KR"]
    first = refs[0]
    if first.kind == "O":
        objective = await goals.objective_by_number(asking, first.number)
    else:
        objective, _ = await goals.key_result(asking, first.number)
    own = {kr.id for kr in objective.key_results}
    stray = next((number for number in named if number not in own), None)
    if stray is not None:
        raise NoSuchGoal(f"{objective.ref} 里的 KR{stray}")
    return objective, named


def _following(asking: Asking, objective: Objective) -> Period:
    """The next cycle of the same kind, or the running one where that is over too."""
    following = like(objective.cycle.name, objective.cycle.end + timedelta(days=1))
    return following if following.end >= asking.today else like(objective.cycle.name, asking.today)


def _items(objective: Objective, chosen: Collection[int]) -> list[Carried]:
    items: list[Carried] = []
    for kr in objective.counting:
        measure = carried(kr)
        items.append(Carried(kr, measure, measure is not None and (not chosen or kr.id in chosen)))
    return items


async def _carry(
    asking: Asking, objective: Objective, items: list[Carried], cycle: Cycle, *, close: bool
) -> Answer:
    """Make the draft, and close the old objective where its cycle is over or that was asked for."""
    drafts = [
        replace(objectives.draft_of(item.kr), measure=item.measure, due=None, stages=())
        for item in items
        if item.chosen and item.measure is not None
    ]
    objective_id = await objectives.create(
        asking.session, objective.owner_id, cycle, objective.title, drafts, None, asking.now
    )
    await carrying.mark(asking.session, objective_id, objective.id)
    await visibility.copy(asking.session, objective.id, objective_id)
    deeds: list[Deed] = []
    over = asking.today > objective.cycle.end
    open_still = objective.state is State.ACTIVE and objective.cycle.state is not CycleState.CLOSED
    if open_still and (over or close):
        platform = str(asking.event.sender.platform)
        by = By(asking.asker.id, platform, asking.now, asking.today, f"结转到 {cycle.name}")
        deeds.append(await closing.close_objective(asking.session, objective, by, confirm=False))
    answer = await draft_shown(asking, objective_id, news=f"从 {objective.ref} 结转来的,什么都能改")
    for deed in deeds:
        await trail.record(asking.session, deed)
    new = await objectives.by_id(asking.session, objective_id)
    assert new is not None
    await on_record.put(asking, "结转", new, old=objective.ref, new=cycle.name)
    return answer


ROUTES = (
    Route(
        words=("结转",),
        handle=carry_over,
        topic="周期",
        does="没做完的带到下个周期,成为能改的草稿",
        examples=("结转 {o}", "结转 {kr} 到 下季"),
    ),
)

"""周期, 关闭周期, 重开周期: where the cycles are, and the two moves that somebody decides on."""

from __future__ import annotations

from cards.cycles import Standing, closing_card, cycles_card
from cards.notices import Choice, notice, question
from chat.answers import Answer
from handlers import periods
from handlers.asking import Asking, shown
from handlers.reading.periods import take_period
from handlers.route import Role, Route
from okr import permissions
from okr.lifecycle import CycleMove, cycle_after, last_day_to_close, state_on
from okr.objectives import Cycle, CycleState
from okr.refusals import NoSuchCycle, NotForYou, ReasonNeeded
from storage import closing, cycles, people
from storage.closing import By

SHOWN = 6
"""Cycles on one card."""
LONGEST_REASON = 200


async def list_(asking: Asking) -> Answer:
    """周期: the latest ones, each with its state and what can be done."""
    await cycles.running(asking.session, asking.today)
    standing = [_standing(asking, cycle) for cycle in (await cycles.everything(asking.session))[:SHOWN]]
    may_close = permissions.may_close_cycle(asking.asker, asking.policy)
    return shown(cycles_card(standing, may_close=may_close, today=asking.today), in_place=asking.pressed)


def _standing(asking: Asking, cycle: Cycle) -> Standing:
    state = state_on(cycle.state, cycle, asking.today)
    last = last_day_to_close(cycle, asking.policy.close_after, asking.policy.calendar)
    return Standing(cycle, state, last if state is CycleState.REVIEWING else None)


async def close(asking: Asking) -> Answer:
    """关闭周期 2026Q4: first what that would lock, then it is done."""
    _require_right(asking, "关闭周期")
    if not asking.rest:
        return await _which(asking, "关闭周期", (CycleState.REVIEWING, CycleState.REOPENED))
    cycle = await periods.known(asking, asking.rest, lock=asking.confirmed)
    cycle_after(state_on(cycle.state, cycle, asking.today), CycleMove.CLOSE, name=cycle.name)
    if not asking.confirmed:
        outlook = await closing.outlook(asking.session, cycle)
        owners = await people.by_ids(asking.session, [owner for owner, _ in outlook.unscored[:SHOWN]])
        return shown(closing_card(cycle, outlook, owners))
    closed = await closing.close(asking.session, cycle, _by(asking, ""))
    return shown(notice("cycle_closed", name=cycle.name, count=closed), in_place=True)


async def reopen(asking: Asking) -> Answer:
    """重开周期 {last} 漏算了一家店"""
    _require_right(asking, "重开周期")
    if not asking.rest:
        return await _which(asking, "重开周期", (CycleState.CLOSED,))
    period, rest = take_period(asking.rest, asking.today, "past")
    if period is None:
        raise NoSuchCycle(asking.rest.split(" ")[0])
    cycle = await periods.known(asking, period.name, lock=True)
    cycle_after(state_on(cycle.state, cycle, asking.today), CycleMove.REOPEN, name=cycle.name)
    reason = rest.removeprefix("原因").strip(" :,")[:LONGEST_REASON]
    if not reason:
        raise ReasonNeeded(f"重开 {cycle.name} ", f"重开周期 {cycle.name} 漏算了一家店")
    opened = await closing.reopen(asking.session, cycle, _by(asking, reason))
    return shown(notice("cycle_reopened", name=cycle.name, count=opened, reason=reason))


async def _which(asking: Asking, verb: str, states: tuple[CycleState, ...]) -> Answer:
    """The cycles that this can be done to."""
    await cycles.running(asking.session, asking.today)
    fits = [
        cycle
        for cycle in await cycles.everything(asking.session)
        if state_on(cycle.state, cycle, asking.today) in states
    ]
    if not fits:
        return shown(notice("no_cycle_to", verb=verb))
    choices = [Choice(cycle.name, f"{verb} {cycle.name}") for cycle in fits[:SHOWN]]
    return shown(question("which", choices, what=f"{verb}:哪一个?"))


def _require_right(asking: Asking, what: str) -> None:
    if not permissions.may_close_cycle(asking.asker, asking.policy):
        raise NotForYou(what, "人事或管理员")


def _by(asking: Asking, reason: str) -> By:
    platform = str(asking.event.sender.platform)
    return By(asking.asker.id, platform, asking.now, asking.today, reason)


ROUTES = (
    Route(
        words=("周期", "季度"),
        handle=list_,
        topic="周期",
        does="现在是哪个周期,哪个该评分、该关了",
        examples=("周期",),
        alone=("周期", "季度"),
    ),
    Route(
        words=("关闭周期", "关周期"),
        handle=close,
        topic="周期",
        does="锁定一个结束了的周期的评分",
        examples=("关闭周期 {cycle}",),
        role=Role.ADMIN,
    ),
    Route(
        words=("重开周期",),
        handle=reopen,
        topic="周期",
        does="重新打开一个关了的周期,要写原因",
        examples=("重开周期 {last} 漏算了一家店",),
        role=Role.ADMIN,
    ),
)

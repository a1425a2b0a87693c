"""What is to be scored and confirmed, for 我的待办."""

from __future__ import annotations

from cards.sayings import o_name
from cards.todo import Duty
from handlers import score_sheets
from handlers.approvers import acts_for
from handlers.asking import Asking
from okr import permissions
from okr.lifecycle import state_on
from okr.objectives import CycleState
from okr.people import Person
from storage import cycles, people

_OPEN = (CycleState.REVIEWING, CycleState.REOPENED)


async def duties(asking: Asking) -> list[Duty]:
    """Scores of mine that are missing, those that wait for my yes, and, of who closes them, cycles opened once more."""
    found: list[Duty] = []
    team = [
        person
        for superior in await acts_for(asking)
        for person in await people.reporting_to(asking.session, superior)
        if person.id != asking.asker.id
    ]
    for cycle in await cycles.everything(asking.session):
        state = state_on(cycle.state, cycle, asking.today)
        if state in _OPEN:
            found += await _mine(asking, cycle.id)
        if state in (*_OPEN, CycleState.ACTIVE):
            found += await _theirs(asking, team, cycle.id)
        if state is CycleState.REOPENED and permissions.may_close_cycle(asking.asker, asking.policy):
            found.append(
                Duty(f"{cycle.name} 重开了,改完要关上", f"关 {cycle.name}", f"关闭周期 {cycle.name}")
            )
    return found


async def _mine(asking: Asking, cycle_id: int) -> list[Duty]:
    lines = await score_sheets.lines_of(asking, [asking.asker], cycle_id)
    return [
        Duty(
            f"{o_name(line.sheet.objective)}该评分了"
            if line.sheet.unscored
            else f"{line.sheet.unexplained[0].ref} 分低,说说卡在哪儿",
            f"评 {line.sheet.objective.ref}",
            f"评分 {line.sheet.objective.ref}" + ("" if line.sheet.unscored else " 建议"),
            overdue=True,
        )
        for line in lines
        if line.sheet.objective.score is None and (line.sheet.unscored or line.sheet.unexplained)
    ]


async def _theirs(asking: Asking, team: list[Person], cycle_id: int) -> list[Duty]:
    return [
        Duty(
            f"{line.owner} {o_name(line.sheet.objective)}的评分等你确认",
            f"评 {line.sheet.objective.ref}",
            f"评分 {line.sheet.objective.ref}",
        )
        for line in await score_sheets.lines_of(asking, team, cycle_id)
        if line.sheet.objective.score is None and not line.sheet.unscored
    ]

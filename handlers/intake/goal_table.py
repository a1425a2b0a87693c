"""目标表: goals, a key result a line, as `okrbot import okr` takes them: drafts for their owners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.asking import Asking
from handlers.intake.kinds import Bad, CannotBeUndone, Taken, failed_cells, first_of_each_line, has, mark_of
from okr.cycle import at_hand, quarter_of
from okr.goal_lines import GoalLine
from okr.objectives import CycleState
from okr.permissions import may_assign_to_all
from sheets.goals import Known, read_goals
from sheets.table import Table
from storage import cycles, goal_import, people, staff
from storage.goal_import import TakenIn, Terms, Unimportable
from storage.trial import kept_or_undone

ROUNDS = 6


class GoalTable:
    key = "goals"
    name = "目标表"

    def fits(self, header: Sequence[str], asking: Asking) -> bool:
        del asking
        return has(header, ["工号"], ["周期"], ["目标"], ["关键结果", "KR"])

    async def form(self, asking: Asking) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        header = (
            "工号",
            "周期",
            "目标",
            "关键结果",
            "单位",
            "起始值",
            "目标值",
            "权重",
            "数据",
            "对齐",
            "截止",
        )
        me, cycle = asking.asker.number, quarter_of(asking.today)
        return header, [
            (me, cycle.name, "提升门店季度业绩", "客流量", "人", 1000, 1100, 1, "", "", cycle.end),
            (me, cycle.name, "提升门店季度业绩", "损耗率", "%", 8, 5, 2, "", "", cycle.end),
        ]

    async def require(self, asking: Asking) -> None:
        """Everybody may bring his own."""

    async def take(self, asking: Asking, table: Table) -> Taken:
        read = read_goals(table, await _known(asking))
        bad = failed_cells(table, set(table.header))
        bad += [Bad(problem.line, problem.column, problem.reason) for problem in read.problems]
        bad += await _not_his(asking, read.lines)
        for _ in range(ROUNDS):
            wrong = {one.line for one in bad}
            lines = [line for line in read.lines if line.line not in wrong]
            if not lines:
                break
            try:
                taken = await kept_or_undone(asking.session, lambda: _take(asking, lines))  # noqa: B023
            except Unimportable as refused:
                bad += [Bad(problem.line, problem.column, problem.reason) for problem in refused.problems]
                continue
            return Taken(
                len(lines),
                first_of_each_line(bad),
                tuple(_says(taken)),
                mark_of(taken.new, taken.changed, taken.same),
            )
        return Taken(0, first_of_each_line(bad), (), mark_of([]))

    async def undo(self, asking: Asking, undo: Any) -> str:
        raise CannotBeUndone(self.name, asking.asker.id, undo)


async def _known(asking: Asking) -> Known:
    there = await cycles.everything(asking.session)
    closed = {cycle.name for cycle in there if cycle.state is CycleState.CLOSED}
    names = {cycle.name for cycle in there} | {period.name for period in at_hand(asking.today)}
    metrics = {key: metric.name for key, metric in asking.policy.metrics.items()}
    return Known(await staff.known_numbers(asking.session), names - closed, metrics)


async def _not_his(asking: Asking, lines: Sequence[GoalLine]) -> list[Bad]:
    """One's own goals, those of one's line, and anybody's for personnel and the administrators."""
    if may_assign_to_all(asking.asker, asking.policy):
        return []
    own = {asking.asker.number, *(one.number for one in await people.below(asking.session, asking.asker))}
    return [
        Bad(line.line, "工号", f"{line.number} 的目标不归你定") for line in lines if line.number not in own
    ]


async def _take(asking: Asking, lines: Sequence[GoalLine]) -> TakenIn:
    terms = Terms(asking.now, asking.today, asking.policy.zone, metrics=asking.policy.metrics)
    return await goal_import.take_in(asking.session, lines, terms, lambda _: None)


def _says(taken: TakenIn) -> list[str]:
    return [
        f"新增 {taken.new} 个目标的草稿,更新 {taken.changed} 个草稿,没变 {taken.same} 个",
        "已经生效的不会动;草稿各人看过再提交",
    ]

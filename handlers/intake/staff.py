"""人员表: who works here, as `okrbot import staff` takes it; for personnel and the administrators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.asking import Asking
from handlers.intake.kinds import (
    Bad,
    CannotBeUndone,
    Taken,
    failed_cells,
    first_of_each_line,
    has,
    mark_of,
    without,
)
from okr.permissions import may_bring_staff
from okr.refusals import NotForYou
from sheets.staff import StaffFile, read_staff
from sheets.table import Table
from storage import staff
from storage.staff import TakenIn

ROUNDS = 6
"""So often what is left is looked at again: without one line another may lose its superior."""


class Staff:
    key = "staff"
    name = "人员表"

    def fits(self, header: Sequence[str], asking: Asking) -> bool:
        del asking
        return has(header, ["工号"], ["姓名"], ["部门", "上级工号", "岗位", "门店", "区域"])

    async def form(self, asking: Asking) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        header = (
            "工号", "姓名", "部门", "岗位", "职级", "上级工号", "区域", "门店", "钉钉userid", "企业微信userid", "入职日期", "手机号",
            "门店类型", "用工类型", "状态", "常用平台",
        )  # fmt: skip
        me = asking.asker
        line = [me.number, me.name, me.department, me.position, me.grade, "", me.region, me.store]
        return header, [[*line, "", "", asking.today, "", "", "", "在职", ""]]

    async def require(self, asking: Asking) -> None:
        if not may_bring_staff(asking.asker, asking.policy):
            raise NotForYou("导入人员表", "HR 和管理员")

    async def take(self, asking: Asking, table: Table) -> Taken:
        known = await staff.known_numbers(asking.session)
        bad = failed_cells(table, set(table.header))
        read = StaffFile((), (), frozenset())
        for _ in range(ROUNDS):
            table = without(table, {one.line for one in bad})
            if not table.rows:
                return Taken(0, first_of_each_line(bad), (), mark_of([]))
            read = read_staff(table, known_numbers=known)
            if not read.problems:
                break
            bad += [Bad(problem.line, problem.column, problem.reason) for problem in read.problems]
        if read.problems:
            return Taken(0, first_of_each_line(bad), (), mark_of([]))
        taken = await staff.take_in(asking.session, read.rows, asking.now, fields=read.columns)
        says = _says(taken, [row.name for row in read.rows if not row.active])
        return Taken(len(read.rows), first_of_each_line(bad), tuple(says), mark_of(repr(taken)))

    async def undo(self, asking: Asking, undo: Any) -> str:
        raise CannotBeUndone(self.name, asking.asker.id, undo)


def _says(taken: TakenIn, gone: Sequence[str]) -> list[str]:
    said = [f"新增 {taken.new} 人,更新 {taken.changed} 人,没变 {taken.same} 人;表里没有的人不动"]
    if gone:
        names = "、".join(gone[:5])
        said.append(f"标成离职 {len(gone)} 人:{names}{' …' if len(gone) > 5 else ''}")
    return said

"""目标值表: the targets of many stores at once: of key results that are there, or as a breakdown of one that is above them.

A line names a key result, a store or none, and a target. Where the key result is the store's own, or no store is named, its
target is changed, as 修改 does; where it is another's, the store gets its part of it, as 分解 does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from cards.sayings import say_goal, say_value
from chat.answers import Letter
from handlers import changing, decomposing, goals
from handlers.asking import Asking, Misunderstood
from handlers.examples import examples_for
from handlers.fields import Said
from handlers.goals import Goal
from handlers.intake.kinds import EMPTY, Bad, CannotBeUndone, Taken, failed_cells, first_of_each_line, mark_of
from handlers.reading.ids import take_ref
from handlers.reading.near import nearest
from okr.numbers import say_percent
from okr.objectives import KeyResult, Kind, Measure, State
from okr.people import Person
from okr.refusals import NotYours, Refusal
from sheets import goal_cells
from sheets.staff_cells import WrongCell
from sheets.table import Row, Table
from storage import people
from storage.trial import kept_or_undone

_HEADINGS = {
    "kr": ("kr", "kr编号", "关键结果编号"),
    "target": ("目标值", "目标"),
    "store": ("门店", "店", "门店名称"),
}
REASON = "表格导入"


@dataclass(frozen=True, slots=True)
class Line:
    line: int
    goal: Goal
    store: str
    target: Decimal


@dataclass
class _Work:
    """What has come of the lines so far."""

    bad: list[Bad]
    does: list[tuple[int, str]]
    letters: list[Letter]
    says: list[str]
    changed: list[str]
    waiting: list[str]
    same: int = 0
    good: int = 0


class Targets:
    key = "targets"
    name = "目标值表"

    def fits(self, header: Sequence[str], asking: Asking) -> bool:
        del asking
        columns = _columns(header)
        return "kr" in columns and "target" in columns

    async def form(self, asking: Asking) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        eg = await examples_for(asking)
        return ("门店", "KR", "目标值"), [(eg.store, eg.kr, 1200000)]

    async def require(self, asking: Asking) -> None:
        """Each line asks for itself."""

    async def take(self, asking: Asking, table: Table) -> Taken:
        columns = _columns(table.header)
        work = _Work(failed_cells(table, set(columns.values())), [], [], [], [], [])
        failed = {bad.line for bad in work.bad}
        lines = [
            line
            for row in table.rows
            if row.line not in failed and (line := await _line(asking, row, columns, work)) is not None
        ]
        by_kr: dict[int, list[Line]] = {}
        for line in lines:
            by_kr.setdefault(line.goal[1].id, []).append(line)
        for some in by_kr.values():
            await _one_goal(asking, some, columns, work)
        if work.changed:
            work.says.append(f"改 {len(work.changed)} 个目标值:{_few(work.changed)}")
        if work.waiting:
            work.says.append(f"{len(work.waiting)} 个要等审批:{_few(work.waiting)}")
        if work.same:
            work.says.append(f"{work.same} 个和现在一样,不动")
        bad = first_of_each_line(work.bad)
        return Taken(
            work.good, bad, tuple(work.says), mark_of(sorted(work.does)), letters=tuple(work.letters)
        )

    async def undo(self, asking: Asking, undo: Any) -> str:
        raise CannotBeUndone(self.name, asking.asker.id, undo)


def _columns(header: Sequence[str]) -> dict[str, str]:
    return {
        field: heading
        for field, spellings in _HEADINGS.items()
        for heading in header
        if heading.lower().strip("*") in spellings
    }


def _few(said: Sequence[str]) -> str:
    return "、".join(said[:3]) + (" …" if len(said) > 3 else "")


async def _line(asking: Asking, row: Row, columns: Mapping[str, str], work: _Work) -> Line | None:
    """What a line says; None where it is wrong."""
    store = row.cells[columns["store"]] if "store" in columns else ""
    said = row.cells[columns["kr"]]
    ref, rest = take_ref(said, "KR")
    if ref is None or ref.kind != "KR" or rest.strip():
        reason = EMPTY if not said else f"「{said[:20]}」不是 KR 编号,要像 KR7"
        work.bad.append(Bad(row.line, columns["kr"], reason))
        return None
    try:
        goal = await goals.key_result(asking, ref.number)
        target = goal_cells.amount(row.cells[columns["target"]])
    except Refusal:
        work.bad.append(Bad(row.line, columns["kr"], f"没有 {ref},或者你看不到"))
        return None
    except WrongCell as wrong:
        work.bad.append(Bad(row.line, columns["target"], str(wrong)))
        return None
    if target is None:
        work.bad.append(Bad(row.line, columns["target"], EMPTY))
        return None
    if goal[0].state is not State.ACTIVE or goal[1].state is not State.ACTIVE:
        work.bad.append(Bad(row.line, columns["kr"], f"{ref} 还没生效,或者已经结束"))
        return None
    return Line(row.line, goal, store, target)


async def _one_goal(asking: Asking, lines: Sequence[Line], columns: Mapping[str, str], work: _Work) -> None:
    """All lines that name one key result: changes of its own target, and parts of it for stores."""
    objective, kr = lines[0].goal
    owner = await goals.owner_of(asking, objective)
    own = [line for line in lines if not line.store or line.store == owner.store]
    for line in own[1:]:
        work.bad.append(Bad(line.line, columns["kr"], f"{kr.ref} 前面已经有一行了"))
    for line in own[:1]:
        await _change(asking, line, line.goal, columns, work)
    parts = [line for line in lines if line not in own]
    if not parts:
        return
    heads = decomposing.store_heads(await people.below(asking.session, owner))
    had = await decomposing.parts_of(asking, kr)
    fresh: dict[int, tuple[Person, Decimal]] = {}
    rows: list[Line] = []
    for line in parts:
        head = heads.get(line.store)
        if head is None:
            near = nearest(line.store, list(heads), limit=1)
            reason = f"{owner.name}下面没有「{line.store[:20]}」这家店"
            work.bad.append(Bad(line.line, columns["store"], reason, near[0] if near else ""))
        elif head.id in fresh:
            work.bad.append(Bad(line.line, columns["store"], f"{line.store}前面已经有一行了"))
        elif head.id in had:
            await _change(asking, line, await goals.key_result(asking, had[head.id]), columns, work)
        elif line.target <= 0:
            work.bad.append(Bad(line.line, columns["target"], "要大于 0"))
        else:
            fresh[head.id] = (head, line.target)
            rows.append(line)
    if fresh:
        await _hand_down(asking, (objective, kr), fresh, rows, columns, work)


async def _hand_down(
    asking: Asking,
    goal: Goal,
    fresh: Mapping[int, tuple[Person, Decimal]],
    rows: Sequence[Line],
    columns: Mapping[str, str],
    work: _Work,
) -> None:
    objective, kr = goal
    try:
        await goals.require_reporter(asking, objective, kr.ref)
        plan, answer = await decomposing.hand_down_targets(asking, goal, fresh)
    except Refusal as refusal:
        whose = "不归你分" if isinstance(refusal, NotYours) else "没有目标值,分不了"
        work.bad += [Bad(line.line, columns["kr"], f"{kr.ref} {whose}") for line in rows]
        return
    total = sum((target for _, target in fresh.values()), Decimal(0))
    covered = f",盖住 {say_percent(1 - plan.uncovered)}" if plan.coverage is not None else ""
    work.says.append(f"{kr.ref} 分给 {len(fresh)} 家店,共 {say_value(kr, total)}{covered}")
    work.letters += answer.letters
    work.does += [(kr.id, f"{head.number} {target}") for head, target in fresh.values()]
    work.good += len(rows)


async def _change(asking: Asking, line: Line, goal: Goal, columns: Mapping[str, str], work: _Work) -> None:
    """As 修改 does: at once where nobody has to agree, else it waits."""
    objective, kr = goal
    asked = _asked(kr.measure, line.target)
    if kr.measure == asked:
        work.same += 1
        work.good += 1
        return
    said = Said((("target", f"{line.target:f}"),), reason=REASON)
    try:
        answer = await kept_or_undone(asking.session, lambda: changing.change(asking, objective, kr, said))
    except (Refusal, Misunderstood):
        work.bad.append(Bad(line.line, columns["kr"], f"{kr.ref} 的目标值你改不了,或者它不是数字"))
        return
    now = (await goals.key_result(asking, kr.id))[1]
    change = f"{kr.ref} {_say(kr, kr.measure)} → {_say(kr, asked)}"
    (work.changed if now.measure == asked else work.waiting).append(change)
    work.letters += answer.letters
    work.does.append((kr.id, change))
    work.good += 1


def _asked(measure: Measure, target: Decimal) -> Measure:
    """With this target; of what is to be kept within a bound, with this bound."""
    if measure.kind is not Kind.MAINTAIN:
        return replace(measure, target=target)
    return replace(measure, low=target) if measure.high is None else replace(measure, high=target)


def _say(kr: KeyResult, measure: Measure) -> str:
    if measure.kind is Kind.MAINTAIN:
        return say_goal(measure)
    return "—" if measure.target is None else say_value(kr, measure.target)

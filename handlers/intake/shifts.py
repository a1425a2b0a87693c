"""排班表: who works when, as `okrbot import roster` takes it; a store manager brings his own store's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from handlers.asking import Asking
from handlers.intake.kinds import Bad, Taken, failed_cells, first_of_each_line, has, mark_of
from handlers.rostering import may_plan
from okr.permissions import may_roster_anybody
from okr.refusals import NotForYou
from okr.rosters import DayPlan
from sheets.roster import HEADINGS, RosterRow, read_roster
from sheets.table import Table
from storage import people, rosters

SOURCE = "file"
Key = tuple[int, date]


class Shifts:
    key = "roster"
    name = "排班表"

    def fits(self, header: Sequence[str], asking: Asking) -> bool:
        del asking
        return has(header, *([heading] for heading in HEADINGS))

    async def form(self, asking: Asking) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        tomorrow = asking.today + timedelta(days=1)
        me = asking.asker.number
        return HEADINGS, [(me, tomorrow, "10:00", "18:30"), (me, tomorrow + timedelta(days=1), "休", "")]

    async def require(self, asking: Asking) -> None:
        if not may_roster_anybody(asking.asker, asking.policy) and not await may_plan(asking):
            raise NotForYou("导入排班表", "店长、HR 和管理员")

    async def take(self, asking: Asking, table: Table) -> Taken:
        ids = await people.ids_by_number(asking.session)
        read = read_roster(table, ids.keys(), asking.today)
        bad = failed_cells(table, set(HEADINGS))
        bad += [Bad(problem.line, problem.column, problem.reason) for problem in read.problems]
        bad += await _not_his(asking, read.rows, ids)
        wrong = {one.line for one in bad}
        # a day is said as a whole: where one of its lines is wrong, none of them is taken
        spoilt = {(row.number, row.day) for row in read.rows if row.line in wrong}
        rows = [row for row in read.rows if (row.number, row.day) not in spoilt]
        said = _plans(rows, ids)
        if not said:
            return Taken(0, first_of_each_line(bad), (), mark_of([]))
        days = [plan.day for plan in said]
        before = await rosters.plans(
            asking.session,
            sorted({plan.employee_id for plan in said}),
            min(days),
            max(days),
            asking.policy.zone,
        )
        taken = await rosters.take_in(asking.session, said, asking.policy.zone, SOURCE)
        says = [f"{taken.people} 人 {taken.days} 天的班,{min(days):%-m月%-d日}–{max(days):%-m月%-d日}"]
        if taken.changed:
            says.append(f"其中改了原来排好的 {taken.changed} 天")
        undo = [_kept(plan, before.get((plan.employee_id, plan.day))) for plan in said]
        mark = mark_of(taken.people, taken.days, taken.changed, sorted(map(repr, undo)))
        return Taken(len(rows), first_of_each_line(bad), tuple(says), mark, undo)

    async def undo(self, asking: Asking, undo: Any) -> str:
        zone, done, kept = asking.policy.zone, 0, 0
        days = [date.fromisoformat(day) for _, day, _, _ in undo]
        now = await rosters.plans(
            asking.session, sorted({person for person, *_ in undo}), min(days), max(days), zone
        )
        for person, day, made, before in undo:
            key = (person, date.fromisoformat(day))
            stands = now.get(key)
            if stands is None or _hours(stands) != made:
                kept += 1
                continue
            done += 1
            if before is None:
                await rosters.forget(asking.session, *key)
                continue
            hours = tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in before)
            await rosters.take_in(asking.session, [DayPlan(*key, hours)], zone, SOURCE)
        return f"{done} 天的班退回到写入以前" + (f",{kept} 天后来又改过,没有动" if kept else "")


async def _not_his(asking: Asking, rows: Sequence[RosterRow], ids: dict[str, int]) -> list[Bad]:
    if may_roster_anybody(asking.asker, asking.policy):
        return []
    own = {person.id for person in await may_plan(asking)}
    return [Bad(row.line, "工号", f"{row.number} 的班不归你排") for row in rows if ids[row.number] not in own]


def _plans(rows: Sequence[RosterRow], ids: dict[str, int]) -> list[DayPlan]:
    """The rows of one person and day together."""
    found: dict[Key, DayPlan] = {}
    for row in rows:
        key = (ids[row.number], row.day)
        had = found[key].hours if key in found else ()
        found[key] = DayPlan(*key, had if row.hours is None else (*had, row.hours))
    return list(found.values())


def _kept(plan: DayPlan, before: DayPlan | None) -> Any:
    return [plan.employee_id, plan.day.isoformat(), _hours(plan), None if before is None else _hours(before)]


def _hours(plan: DayPlan) -> list[list[str]]:
    return sorted([start.isoformat(), end.isoformat()] for start, end in plan.hours)

"""What somebody is to the goals of others: line, deputies, who writes, who decides, who is named. One statement for many goals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from okr.objectives import Objective, State
from okr.people import Person
from okr.permissions import NO_TIES, Ties
from storage.people import DEEPEST
from storage.session import Session

MOST = 400
"""Goals asked about in one statement."""

_WRITTEN = (State.DRAFT, State.PENDING)

_LINE = (
    "WITH RECURSIVE line(person, boss, depth) AS ("
    "SELECT id, manager_id, 1 FROM employees WHERE id IN ({owners}) AND manager_id IS NOT NULL"
    " UNION SELECT line.person, e.manager_id, line.depth + 1 FROM line JOIN employees e ON e.id = line.boss"
    " WHERE e.manager_id IS NOT NULL AND line.depth < ?),"
    " up(boss, depth) AS (SELECT manager_id, 1 FROM employees WHERE id = ? AND manager_id IS NOT NULL"
    " UNION SELECT e.manager_id, up.depth + 1 FROM up JOIN employees e ON e.id = up.boss"
    " WHERE e.manager_id IS NOT NULL AND up.depth < ?)"
)
_PARTS = (
    "SELECT 'above' AS tie, person AS id, '' AS words FROM line WHERE boss = ?",
    "SELECT 'below', boss, '' FROM up",
    "SELECT 'deputy', employee_id, '' FROM absences WHERE deputy_id = ? AND ended_at IS NULL AND first_day <= ? AND last_day >= ?",
    "SELECT 'superior', m.id, m.department FROM employees e JOIN employees m ON m.id = e.manager_id WHERE e.id = ?",
    "SELECT * FROM (SELECT 'stores', id, '' FROM employees WHERE store > '' AND active = ? LIMIT 1) AS anybody",
    "SELECT 'writes', objective_id, '' FROM co_editors WHERE employee_id = ? AND objective_id IN ({goals})",
    "SELECT 'named', objective_id, '' FROM objective_viewers WHERE employee_id = ? AND objective_id IN ({goals})",
    (
        "SELECT 'decides', objective_id, '' FROM change_requests WHERE state = 'waiting' AND objective_id IN ({goals})"
        " AND id IN (SELECT request_id FROM approvals WHERE approver_id = ? AND state = 'waiting')"
    ),
)


@dataclass
class _Found:
    """Ids by their tie; `superior_department` as it is kept."""

    ids: dict[str, set[int]] = field(default_factory=dict)
    superior_department: str | None = None

    def has(self, tie: str, one: int | None) -> bool:
        return one in self.ids.get(tie, ())


async def ties_to(
    session: Session, asker: Person, goals: Sequence[Objective], owners: Mapping[int, Person], today: date
) -> dict[int, Ties]:
    """What the asker is to each of these goals, by its id. `owners` by their ids; the asker's own need no statement."""
    ties = {goal.id: NO_TIES for goal in goals}
    others = [goal for goal in goals if goal.owner_id != asker.id]
    for begin in range(0, len(others), MOST):
        some = others[begin : begin + MOST]
        found = await _find(
            session, asker.id, {goal.owner_id for goal in some}, [goal.id for goal in some], today
        )
        by_owner: dict[int, Ties] = {}
        for goal in some:
            if goal.owner_id not in by_owner:
                by_owner[goal.owner_id] = _to_owner(found, owners[goal.owner_id])
            ties[goal.id] = _to_goal(found, goal, by_owner[goal.owner_id])
    return ties


def _to_owner(found: _Found, owner: Person) -> Ties:
    return Ties(
        above=found.has("above", owner.id),
        below=found.has("below", owner.id),
        deputy=found.has("deputy", owner.id),
        acting=found.has("deputy", owner.manager_id),
        superior_department=found.superior_department,
        stores=bool(found.ids.get("stores")),
    )


def _to_goal(found: _Found, goal: Objective, ties: Ties) -> Ties:
    writes = goal.state in _WRITTEN and found.has("writes", goal.id)
    decides, named = found.has("decides", goal.id), found.has("named", goal.id)
    return replace(ties, writes=writes, decides=decides, named=named) if writes or decides or named else ties


async def _find(
    session: Session, asker: int, owners: Collection[int], goals: Collection[int], today: date
) -> _Found:
    marks = {"owners": ", ".join("?" * len(owners)), "goals": ", ".join("?" * len(goals))}
    sql = f"{_LINE} {' UNION ALL '.join(_PARTS)}".format(**marks)
    rows = await session.all(
        sql,
        *owners, DEEPEST, asker, DEEPEST,
        asker, asker, today, today, asker, True,
        asker, *goals, asker, *goals, *goals, asker,
    )  # fmt: skip
    found = _Found()
    for tie, one, words in rows:
        found.ids.setdefault(tie, set()).add(one)
        if tie == "superior":
            found.superior_department = words
    return found

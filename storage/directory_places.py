"""Where everybody belongs and who is above them, as the directories say: departments, superiors, and what waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chat.events import PlatformName
from okr.handover import Belongings, Moved
from okr.org_chart import places
from storage import changes, directory, handover
from storage.handover import Handing
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Placing:
    """What is to be changed about one person; None stays. `superior_id`: 0 for nobody."""

    employee_id: int
    department: str | None = None
    superior_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewSuperior:
    """Somebody who reports to another one from now on."""

    employee_id: int
    before_id: int | None
    now_id: int | None


async def placings(session: Session, order: Sequence[PlatformName]) -> list[Placing]:
    """Whose department or superior is not as the directories have it; the first platform that knows counts."""
    wanted: dict[int, tuple[str, int | None]] = {}
    for platform in order:
        seats = await directory.seats(session, platform)
        found = places(
            await directory.nodes(session, platform), {key: seat for key, (_, seat) in seats.items()}
        )
        for key, (employee_id, _) in seats.items():
            superior = found[key].superior
            superior_id = None if superior is None else seats[superior][0] if superior else 0
            path, above = wanted.get(employee_id, ("", None))
            wanted[employee_id] = (
                path or found[key].path,
                superior_id if above is None and superior_id != employee_id else above,
            )
    rows = await session.all("SELECT id, department, manager_id FROM employees WHERE active = ?", True)
    return [
        placing
        for row in rows
        if row[0] in wanted and (placing := _placing(row[0], row[1], row[2], *wanted[row[0]])) is not None
    ]


def _placing(
    employee_id: int, department: str, manager_id: int | None, path: str, superior_id: int | None
) -> Placing | None:
    moved = path if path and path != department else None
    above = superior_id if superior_id is not None and superior_id != (manager_id or 0) else None
    return None if moved is None and above is None else Placing(employee_id, moved, above)


async def put_in_place(
    session: Session, some: Sequence[Placing], moving: frozenset[int], at: datetime
) -> list[NewSuperior]:
    """Write these, in one transaction. `moving`: everybody whose department changes in this sync."""
    await directory.take_turn(session, at)
    changed: list[NewSuperior] = []
    for placing in some:
        row = await session.one(
            "SELECT department, manager_id FROM employees WHERE id = ? AND active = ?",
            placing.employee_id,
            True,
        )
        if row is None:
            continue
        if placing.department is not None:
            await _move(session, placing.employee_id, row[0], placing.department, moving)
        if placing.superior_id is not None and (row[1] or 0) != placing.superior_id:
            now_id = placing.superior_id or None
            await session.run("UPDATE employees SET manager_id = ? WHERE id = ?", now_id, placing.employee_id)
            changed.append(NewSuperior(placing.employee_id, row[1], now_id))
    return changed


async def _move(session: Session, employee_id: int, old: str, new: str, moving: frozenset[int]) -> None:
    """The new department; who really comes to another unit also belongs to the region and the store of those who are there."""
    await session.run("UPDATE employees SET department = ? WHERE id = ?", new, employee_id)
    if old.rpartition("/")[2] == new.rpartition("/")[2]:
        return
    rows = await session.all(
        "SELECT id, region, store, store_type FROM employees WHERE department = ? AND active = ?", new, True
    )
    there = {(row[1], row[2], row[3]) for row in rows if row[0] not in moving}
    if len(there) == 1:
        region, store, store_type = there.pop()
        await session.run(
            "UPDATE employees SET region = ?, store = ?, store_type = ? WHERE id = ?",
            region,
            store,
            store_type,
            employee_id,
        )


async def pass_on_decisions(
    session: Session, one: NewSuperior, at: datetime, admins: Sequence[int]
) -> Moved | None:
    """What somebody has asked of the superior before waits for the one now. Call it last (`storage.trail`)."""
    if one.before_id is None or one.now_id is None:
        return None
    rows = await session.all(
        "SELECT request_id FROM approvals WHERE approver_id = ? AND state = 'waiting' AND stands_in_for_id IS NULL"
        " AND request_id NOT IN (SELECT request_id FROM approvals WHERE approver_id = ?)",
        one.before_id,
        one.now_id,
    )
    before = {row[0] for row in rows}
    asked = [request.id for request in await changes.waiting_of(session, one.employee_id)]
    waiting = tuple(number for number in asked if number in before)
    if not waiting:
        return None
    handing = Handing(one.before_id, one.now_id, at, "", admins=admins)
    return await handover.move(session, Belongings(decisions=waiting), handing)

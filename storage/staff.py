"""The staff file, taken in whole: people, their reporting lines, their chat accounts."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from chat.events import Account, PlatformName
from storage import people
from storage.session import Session
from storage.tables.people import Employee


class StaffRow(Protocol):
    """One employee as the file has it; what is not known is empty. `home_platform`: dingtalk, wecom or empty."""

    @property
    def number(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def position(self) -> str: ...
    @property
    def grade(self) -> str: ...
    @property
    def manager_number(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def store(self) -> str: ...
    @property
    def store_type(self) -> str: ...
    @property
    def employment(self) -> str: ...
    @property
    def mobile(self) -> str: ...
    @property
    def joined_on(self) -> date | None: ...
    @property
    def active(self) -> bool: ...
    @property
    def home_platform(self) -> str: ...
    @property
    def dingtalk_id(self) -> str: ...
    @property
    def wecom_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many people were new, changed, the same, or gone."""

    new: int = 0
    changed: int = 0
    same: int = 0
    deactivated: int = 0


_FIELDS = (
    "name", "department", "position", "grade", "region", "store", "store_type", "employment", "mobile", "joined_on", "active",
)  # fmt: skip
_ALL: AbstractSet[str] = frozenset({*_FIELDS, "manager_number"})


async def known_numbers(session: Session) -> set[str]:
    return {row[0] for row in await session.all("SELECT number FROM employees")}


async def take_in(
    session: Session,
    rows: Sequence[StaffRow],
    at: datetime,
    *,
    fields: AbstractSet[str] | None = None,
    deactivate_missing: bool = False,
) -> TakenIn:
    """Add and update everybody in the file; people who are not in it are left alone unless told otherwise.

    `fields`: the fields of a row that the file has a column for, None for all; the others of people who are on
    file already stay as they are. A file that is the whole staff (`deactivate_missing`) says who works here
    by who is in it, whether it has a column for that or not. `at` is in company time: its day is the one on which
    somebody who is no longer active has left. Who had left before we knew them is not taken in: whoever has been
    erased would come back by the next file.
    """
    told = _ALL if fields is None else fields
    if deactivate_missing:
        told |= {"active"}
    lines = len(rows)
    new: set[str] = set()
    changed: set[str] = set()
    await session.flush()
    present = {employee.number: employee for employee in await Employee.all().using_db(session.orm)}
    for row in rows:
        employee = present.get(row.number)
        if employee is None and not row.active:
            continue
        if employee is None:
            present[row.number] = await Employee.create(
                number=row.number,
                home=row.home_platform,
                using_db=session.orm,
                **{field: getattr(row, field) for field in _FIELDS},
            )
            new.add(row.number)
        elif _update(employee, row, told, at.date()):
            await employee.save(using_db=session.orm)
            changed.add(row.number)
    rows = [row for row in rows if row.number in present]
    if "manager_number" in told:
        changed |= await _set_managers(session, rows, present)
    changed |= await _set_accounts(session, rows, present, at)
    gone = await _deactivate(session, rows, present, at.date()) if deactivate_missing else 0
    changed -= new
    return TakenIn(len(new), len(changed), lines - len(new) - len(changed), gone)


def _update(employee: Employee, row: StaffRow, told: AbstractSet[str], today: date) -> bool:
    """Take the row's values over; true where one differs. An empty home leaves the old one."""
    differs = False
    values = {field: getattr(row, field) for field in _FIELDS if field in told}
    if "active" in told:
        values["left_on"] = None if row.active else employee.left_on or today
    if row.home_platform:
        values["home"] = row.home_platform
    for field, value in values.items():
        if getattr(employee, field) != value:
            setattr(employee, field, value)
            differs = True
    return differs


async def _set_managers(session: Session, rows: Sequence[StaffRow], present: dict[str, Employee]) -> set[str]:
    """Reporting lines come second, since a manager may stand below in the file. Returns whose line changed."""
    changed = set()
    for row in rows:
        manager = present.get(row.manager_number)
        manager_id = manager.id if manager is not None else None
        employee = present[row.number]
        if employee.manager_id != manager_id:  # type: ignore[attr-defined]  # Tortoise adds the key's own attribute
            await session.run("UPDATE employees SET manager_id = ? WHERE id = ?", manager_id, employee.id)
            changed.add(row.number)
    return changed


async def _set_accounts(
    session: Session, rows: Sequence[StaffRow], present: dict[str, Employee], at: datetime
) -> set[str]:
    """The file's ids win over what was bound in the chat; an empty cell leaves what is there. Returns whose changed."""
    changed = set()
    bound = {
        (row[0], row[1]): row[2]
        for row in await session.all("SELECT platform, employee_id, user_id FROM accounts")
    }
    for row in rows:
        employee_id = present[row.number].id
        for platform, user_id in (
            (PlatformName.DINGTALK, row.dingtalk_id),
            (PlatformName.WECOM, row.wecom_id),
        ):
            if user_id and bound.get((str(platform), employee_id)) != user_id:
                await people.bind(session, employee_id, Account(platform, user_id), "directory", at)
                changed.add(row.number)
    return changed


async def _deactivate(
    session: Session, rows: Sequence[StaffRow], present: dict[str, Employee], today: date
) -> int:
    listed = {row.number for row in rows}
    gone = [employee.id for number, employee in present.items() if number not in listed and employee.active]
    for employee_id in gone:
        await session.run(
            "UPDATE employees SET active = ?, left_on = ? WHERE id = ?", False, today, employee_id
        )
    return len(gone)

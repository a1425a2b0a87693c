"""Employees and the chat accounts that are theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chat.events import Account, PlatformName
from okr.people import Person, is_at_or_below
from storage.session import Row, Session, Statement, evened

COLUMNS = "e.id, e.number, e.name, e.department, e.position, e.grade, e.manager_id, e.region, e.store, e.store_type, e.active"


LONGEST_NAME = 64
"""Characters of a name, as many as are kept."""
DEEPEST = 20
"""Levels of superiors; a loop in the file ends there."""


def person_of(row: Row) -> Person:
    """A person from a row that begins with `COLUMNS`."""
    return Person(
        id=row[0],
        number=row[1],
        name=row[2],
        department=row[3],
        position=row[4],
        grade=row[5],
        manager_id=row[6],
        region=row[7],
        store=row[8],
        store_type=row[9],
        active=bool(row[10]),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """A person who wrote: who it is, and the platform they used last."""

    person: Person
    last_platform: str
    noticed: bool = True
    """Whether the person has been told what is kept about them."""


def whose(account: Account) -> Statement | None:
    """What asks whose account this is; None for an account without an id of the organisation, which is nobody's."""
    if not account.user_id:
        return None
    values: list[object]
    if account.platform is PlatformName.BOARD:  # who is signed in there goes by the employee number
        source, values = "FROM employees e WHERE e.number = ?", [account.user_id]
    else:
        source = (
            "FROM accounts a JOIN employees e ON e.id = a.employee_id WHERE a.platform = ? AND a.user_key = ?"
        )
        values = [str(account.platform), account.key]
    return f"SELECT {COLUMNS}, e.last_platform, e.noticed_at {source} AND e.active = ?", [*values, True]


def known_of(row: Row) -> Known:
    """A person from the row that answers `whose`."""
    return Known(person_of(row), row[11], row[12] is not None)


async def by_account(session: Session, account: Account) -> Known | None:
    """Whose account this is; None for strangers, leavers and accounts without an id of the organisation."""
    asked = whose(account)
    row = None if asked is None else await session.one(asked[0], *asked[1])
    return None if row is None else known_of(row)


async def noticed(session: Session, employee_id: int, at: datetime) -> None:
    """Remember that somebody has been told what is kept about them."""
    await session.run(
        "UPDATE employees SET noticed_at = ? WHERE id = ? AND noticed_at IS NULL", at, employee_id
    )


async def by_ids(session: Session, ids: Sequence[int]) -> dict[int, Person]:
    """Those who are on file, in the order they are asked for in: names are said as they come."""
    if not ids:
        return {}
    marks = ", ".join("?" * len(ids))
    rows = await session.all(f"SELECT {COLUMNS} FROM employees e WHERE e.id IN ({marks})", *ids)
    found = {row[0]: person_of(row) for row in rows}
    return {employee_id: found[employee_id] for employee_id in ids if employee_id in found}


async def by_id(session: Session, employee_id: int) -> Person | None:
    return (await by_ids(session, [employee_id])).get(employee_id)


async def by_number(session: Session, number: str) -> Person | None:
    """Numbers are compared without regard to case: people type `e0007`."""
    usual = f"SELECT {COLUMNS} FROM employees e WHERE e.number IN (?, ?, ?) AND e.active = ? ORDER BY e.number = ? DESC"
    row = await session.one(usual, number, number.upper(), number.lower(), True, number)
    if row is None and number.lower() != number.upper():  # of mixed case; there is no index for that
        row = await session.one(
            f"SELECT {COLUMNS} FROM employees e WHERE lower(e.number) = ? AND e.active = ?",
            number.lower(),
            True,
        )
    return None if row is None else person_of(row)


async def by_mobile(session: Session, mobile: str) -> Person | None:
    """Who has registered this mobile number; None where nobody has, or more than one."""
    rows = await session.all(
        f"SELECT {COLUMNS} FROM employees e WHERE e.mobile = ? AND e.active = ? LIMIT 2", mobile, True
    )
    return person_of(rows[0]) if len(rows) == 1 else None


async def mobile_of(session: Session, employee_id: int) -> str:
    """The registered mobile number, whole: it is not to be shown."""
    row = await session.one("SELECT mobile FROM employees WHERE id = ?", employee_id)
    return "" if row is None else str(row[0])


async def ids_by_number(session: Session) -> dict[str, int]:
    """Everybody who works here, by employee number."""
    rows = await session.all("SELECT number, id FROM employees WHERE active = ?", True)
    return {row[0]: row[1] for row in rows}


async def numbers_by_name(session: Session) -> dict[str, str]:
    """Employee numbers by names that only one of those who work here has."""
    rows = await session.all(
        "SELECT name, min(number) FROM employees WHERE active = ? GROUP BY name HAVING count(*) = 1", True
    )
    return {row[0]: row[1] for row in rows}


async def by_numbers(session: Session, numbers: Sequence[str]) -> list[Person]:
    people = [await by_number(session, number) for number in numbers]
    return [person for person in people if person is not None]


async def by_name(session: Session, name: str) -> list[Person]:
    """Everybody of this name, or, where nobody is, everybody whose name the written one begins with (王店长 → 王店)."""
    rows = await session.all(
        f"SELECT {COLUMNS} FROM employees e WHERE e.active = ? AND e.name = ? ORDER BY e.number",
        True,
        name,
    )
    if not rows and len(name) > 1:
        beginnings = evened([name[:length] for length in range(2, min(len(name), LONGEST_NAME) + 1)])
        rows = await session.all(
            f"SELECT {COLUMNS} FROM employees e WHERE e.active = ? AND e.name IN ({', '.join('?' * len(beginnings))})"
            " ORDER BY e.number",
            True,
            *beginnings,
        )
    return [person_of(row) for row in rows]


async def everybody(session: Session) -> list[Person]:
    """All who are with the company, by their departments."""
    rows = await session.all(
        f"SELECT {COLUMNS} FROM employees e WHERE e.active = ? ORDER BY e.department, e.number", True
    )
    return [person_of(row) for row in rows]


async def in_unit(session: Session, unit: str, limit: int) -> list[Person]:
    """Members of the unit that is called so (the last part of a department's path) and of those below it."""
    escaped = _escaped(unit)
    rows = await session.all(
        f"SELECT {COLUMNS} FROM employees e WHERE e.active = ? AND (e.department = ? OR e.department LIKE ? ESCAPE '\\'"
        " OR e.department LIKE ? ESCAPE '\\' OR e.department LIKE ? ESCAPE '\\') ORDER BY e.department, e.number LIMIT ?",
        True,
        unit,
        f"{escaped}/%",
        f"%/{escaped}",
        f"%/{escaped}/%",
        limit,
    )
    return [person_of(row) for row in rows]


async def some_store(session: Session) -> str:
    """A store that somebody works in; empty where nobody works in any."""
    row = await session.one("SELECT min(store) FROM employees WHERE active = ? AND store <> ''", True)
    return (row[0] if row else None) or ""


async def leavers(session: Session, word: str) -> list[Person]:
    """Those of this name or number who work here no more and have not been erased."""
    rows = await session.all(
        f"SELECT {COLUMNS} FROM employees e WHERE (e.name = ? OR lower(e.number) = ?) AND e.active = ?"
        " AND e.erased_at IS NULL ORDER BY e.number",
        word,
        word.lower(),
        False,
    )
    return [person_of(row) for row in rows]


async def of_store(session: Session, store: str) -> list[Person]:
    rows = await session.all(
        f"SELECT {COLUMNS} FROM employees e WHERE e.store = ? AND e.active = ? ORDER BY e.number", store, True
    )
    return [person_of(row) for row in rows]


async def of_stores_on(session: Session, platform: PlatformName) -> dict[str, int]:
    """Everybody of a store who has an account there: by its user id, the employee's id."""
    rows = await session.all(
        "SELECT a.user_id, e.id FROM accounts a JOIN employees e ON e.id = a.employee_id"
        " WHERE a.platform = ? AND e.active = ? AND e.store <> '' ORDER BY e.number",
        str(platform),
        True,
    )
    return {row[0]: row[1] for row in rows}


async def account_on(session: Session, employee_id: int, platform: PlatformName) -> Account | None:
    row = await session.one(
        "SELECT user_id FROM accounts WHERE employee_id = ? AND platform = ?", employee_id, str(platform)
    )
    return None if row is None else Account(platform, row[0])


async def channels_of(session: Session, employee_id: int) -> tuple[Account, ...]:
    """The person's accounts, first choice first: the preferred one, else the one last used, else DingTalk."""
    rows = await session.all(
        "SELECT a.platform, a.user_id, e.home, e.last_platform FROM accounts a"
        " JOIN employees e ON e.id = a.employee_id WHERE a.employee_id = ? ORDER BY a.platform",
        employee_id,
    )
    accounts = [Account(PlatformName(row[0]), row[1]) for row in rows]
    if rows:
        wanted = rows[0][2] or rows[0][3] or PlatformName.DINGTALK
        accounts.sort(key=lambda account: account.platform != wanted)
    return tuple(accounts)


async def reached_by_dingtalk(session: Session) -> int:
    """How many people are written to on DingTalk: the preferred platform, else the one last used, else DingTalk."""
    row = await session.one(
        "SELECT count(*) FROM employees e WHERE e.active = ? AND EXISTS (SELECT 1 FROM accounts a WHERE a.employee_id = e.id"
        " AND a.platform = 'dingtalk') AND (NOT EXISTS (SELECT 1 FROM accounts a WHERE a.employee_id = e.id"
        " AND a.platform <> 'dingtalk') OR (CASE WHEN e.home <> '' THEN e.home ELSE e.last_platform END)"
        " IN ('dingtalk', ''))",
        True,
    )
    return 0 if row is None else int(row[0])


async def used(session: Session, employee_id: int, platform: PlatformName) -> None:
    """Remember the platform a person used last."""
    await session.run("UPDATE employees SET last_platform = ? WHERE id = ?", str(platform), employee_id)


async def bind(session: Session, employee_id: int, account: Account, source: str, at: datetime) -> None:
    """Give an account to an employee, taking the place of any other on that platform."""
    platform = str(account.platform)
    await session.run(
        "DELETE FROM accounts WHERE platform = ? AND (user_key = ? OR employee_id = ?)",
        platform,
        account.key,
        employee_id,
    )
    await session.run(
        "INSERT INTO accounts (platform, user_key, user_id, employee_id, source, bound_at) VALUES (?, ?, ?, ?, ?, ?)",
        platform,
        account.key,
        account.user_id,
        employee_id,
        source,
        at,
    )


async def line_above(session: Session, person: Person) -> list[int]:
    """The ids of a person's managers, the direct one first; a loop in the file ends it."""
    line: list[int] = []
    above = person.manager_id
    while above is not None and above not in line and above != person.id:
        line.append(above)
        row = await session.one("SELECT manager_id FROM employees WHERE id = ?", above)
        above = None if row is None else row[0]
    return line


async def reporting_to(session: Session, employee_id: int) -> list[Person]:
    """Everybody whose direct superior this is."""
    rows = await session.all(
        f"SELECT {COLUMNS} FROM employees e WHERE e.manager_id = ? AND e.active = ? ORDER BY e.number",
        employee_id,
        True,
    )
    return [person_of(row) for row in rows]


async def below(session: Session, person: Person) -> list[Person]:
    """Everybody whose line leads to a person, the nearest first."""
    rows = await session.all(
        "WITH RECURSIVE line(id, depth) AS (SELECT id, 1 FROM employees WHERE manager_id = ? UNION"
        " SELECT e.id, line.depth + 1 FROM employees e JOIN line ON e.manager_id = line.id WHERE line.depth < ?)"
        f" SELECT {COLUMNS} FROM employees e JOIN (SELECT id, min(depth) AS depth FROM line GROUP BY id) l ON l.id = e.id"
        " WHERE e.active = ? AND e.id <> ? ORDER BY l.depth, e.number",
        person.id,
        DEEPEST,
        True,
        person.id,
    )
    return [person_of(row) for row in rows]


async def leads_anybody(session: Session, employee_id: int) -> bool:
    row = await session.one(
        "SELECT 1 FROM employees WHERE manager_id = ? AND active = ? LIMIT 1", employee_id, True
    )
    return row is not None


async def unit_led_by(session: Session, person: Person) -> str:
    """The path of the unit that a person leads: somebody reports to him, and his own superior is outside it. Else empty."""
    if not person.department or not await leads_anybody(session, person.id):
        return ""
    manager = await by_id(session, person.manager_id) if person.manager_id is not None else None
    inside = manager is not None and is_at_or_below(manager.department, person.department)
    return "" if inside else person.department


async def heads_of(session: Session, person: Person) -> list[Person]:
    """Who leads the unit of a person: members of it whose superior is outside. Where the person does, who leads the next above."""
    department = person.department
    while department:
        inside = f"{_escaped(department)}/%"
        rows = await session.all(
            f"SELECT {COLUMNS} FROM employees e LEFT JOIN employees m ON m.id = e.manager_id WHERE e.active = ?"
            " AND (e.department = ? OR e.department LIKE ? ESCAPE '\\') AND (m.id IS NULL OR NOT (m.department = ?"
            " OR m.department LIKE ? ESCAPE '\\')) ORDER BY length(e.department), e.number",
            True,
            department,
            inside,
            department,
            inside,
        )
        found = [person_of(row) for row in rows]
        if found and all(head.id != person.id for head in found):
            return [head for head in found if head.department == found[0].department]
        department = department.rpartition("/")[0]
    return []


def _escaped(text: str) -> str:
    """For LIKE, with a backslash as its escape."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


async def superiors(session: Session, employee_id: int) -> frozenset[int]:
    """Everybody above a person, up to the top."""
    rows = await session.all(
        "WITH RECURSIVE up(id) AS (SELECT manager_id FROM employees WHERE id = ? AND manager_id IS NOT NULL UNION"
        " SELECT e.manager_id FROM up JOIN employees e ON e.id = up.id WHERE e.manager_id IS NOT NULL)"
        " SELECT id FROM up",
        employee_id,
    )
    return frozenset(row[0] for row in rows)


async def reports_of(session: Session, employee_id: int) -> list[Person]:
    """Whose direct manager somebody is."""
    rows = await session.all(
        f"SELECT {COLUMNS} FROM employees e WHERE e.manager_id = ? AND e.active = ? ORDER BY e.number",
        employee_id,
        True,
    )
    return [person_of(row) for row in rows]

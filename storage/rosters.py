"""The roster: who works when. A shift is one span of one person; what is said about a day replaces that day.

A day off is a row too, of no length at the day's last second: known to be free is something else than unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from okr.rosters import DayPlan
from storage.session import Row, Session, day, moment

_LAST_SECOND = time(23, 59, 59)
CHUNK = 500
"""People asked about in one statement."""

LATELY = timedelta(days=14)
"""Who was on the roster so lately still is."""


@dataclass(frozen=True, slots=True)
class Shift:
    """`day` is the one it begins on; both moments are aware."""

    employee_id: int
    day: date
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Of how many people how many days were said, and how many of these days were another before."""

    people: int
    days: int
    changed: int


async def of(session: Session, employee_id: int, since: datetime, limit: int = 60) -> list[Shift]:
    """A person's shifts that are not over at `since`, in order."""
    rows = await session.all(
        "SELECT employee_id, day, starts_at, ends_at FROM shifts WHERE employee_id = ? AND ends_at > ?"
        " AND starts_at < ends_at ORDER BY starts_at LIMIT ?",
        employee_id,
        since,
        limit,
    )
    return [Shift(row[0], day(row[1]), moment(row[2]), moment(row[3])) for row in rows]


async def last_day(session: Session, employee_id: int, since: date) -> date | None:
    """The last day from `since` on of which it is known whether the person works; None where nothing is known.

    Who stands on the roster of his store, lately or from now on, is off on its other days: a file has no lines for them.
    """
    row = await session.one(
        "SELECT max(s.day) FROM shifts s JOIN employees e ON e.id = s.employee_id"
        " JOIN employees me ON me.id = ? AND (e.id = me.id OR (me.store <> '' AND e.store = me.store))"
        " WHERE s.day >= ? AND EXISTS (SELECT 1 FROM shifts mine WHERE mine.employee_id = me.id AND mine.day >= ?)",
        employee_id,
        since,
        since - LATELY,
    )
    return None if row is None or row[0] is None else day(row[0])


async def plans(
    session: Session, employee_ids: Sequence[int], first: date, last: date, zone: tzinfo
) -> dict[tuple[int, date], DayPlan]:
    """What is known about these days of these people, both days included; an unknown day is not in it."""
    rows: list[Row] = []
    for begin in range(0, len(employee_ids), CHUNK):
        some = employee_ids[begin : begin + CHUNK]
        rows += await session.all(
            "SELECT employee_id, day, starts_at, ends_at FROM shifts WHERE day >= ? AND day <= ?"
            f" AND employee_id IN ({', '.join('?' * len(some))}) ORDER BY starts_at",
            first,
            last,
            *some,
        )
    found: dict[tuple[int, date], DayPlan] = {}
    for row in rows:
        key = (row[0], day(row[1]))
        start, end = moment(row[2]).astimezone(zone), moment(row[3]).astimezone(zone)
        had = found[key].hours if key in found else ()
        found[key] = DayPlan(*key, (*had, (start.time(), end.time())) if start < end else had)
    return found


async def put(session: Session, employee_id: int, on: date, shifts: Iterable[Shift], source: str) -> None:
    """Set what a person works on a day; no shifts is a day off."""
    said = [(shift.starts_at, shift.ends_at) for shift in shifts]
    free = datetime.combine(on, _LAST_SECOND, UTC)
    await forget(session, employee_id, on)
    for starts_at, ends_at in said or [(free, free)]:
        await session.run(
            "INSERT INTO shifts (employee_id, day, starts_at, ends_at, source) VALUES (?, ?, ?, ?, ?)",
            employee_id,
            on,
            starts_at,
            ends_at,
            source,
        )


async def forget(session: Session, employee_id: int, on: date) -> bool:
    """Nothing is known any more about a day of a person; false where nothing was."""
    return await session.run("DELETE FROM shifts WHERE employee_id = ? AND day = ?", employee_id, on) > 0


async def take_in(session: Session, said: Sequence[DayPlan], zone: tzinfo, source: str) -> TakenIn:
    """Set all these days; the same days a second time change nothing."""
    if not said:
        return TakenIn(0, 0, 0)
    ids = sorted({plan.employee_id for plan in said})
    before = await plans(session, ids, min(plan.day for plan in said), max(plan.day for plan in said), zone)
    changed = 0
    for plan in said:
        had = before.get((plan.employee_id, plan.day))
        if had is not None and sorted(had.hours) == sorted(plan.hours):
            continue
        changed += had is not None
        shifts = [Shift(plan.employee_id, plan.day, *moments) for moments in plan.spans(zone)]
        await put(session, plan.employee_id, plan.day, shifts, source)
    return TakenIn(len(ids), len(said), changed)


async def not_said_in_chat(session: Session, plans: Sequence[DayPlan]) -> list[DayPlan]:
    """Those days about which nobody has said anything in the chat: what is said there is newer than any plan."""
    if not plans:
        return []
    rows = await session.all(
        "SELECT DISTINCT employee_id, day FROM shifts WHERE source LIKE 'chat:%' AND day >= ? AND day <= ?",
        min(plan.day for plan in plans),
        max(plan.day for plan in plans),
    )
    said = {(row[0], day(row[1])) for row in rows}
    return [plan for plan in plans if (plan.employee_id, plan.day) not in said]


def known_until(last: date | None, zone: tzinfo) -> datetime | None:
    """The moment up to which the roster speaks."""
    return None if last is None else datetime.combine(last + timedelta(days=1), time(), zone)

"""What the platforms' directories last said: units, members, and the changes that wait to be looked into."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.directory import Change, ChangeKind, Member, Unit, key_of
from chat.events import PlatformName
from okr.org_chart import Node, Seat
from storage.session import Session, moment

AGAIN = timedelta(minutes=5)
"""So long after a failure a change is looked into again, and twice as long after the next."""
LONGEST_PAUSE = timedelta(hours=6)
_TURN = "directory"


@dataclass(frozen=True, slots=True)
class Known:
    """A member as the last look had it."""

    user_id: str
    employee_id: int | None
    doubt: str
    unit: str
    leads: frozenset[str]
    manager: str | None
    mark: str
    gone: bool


async def take_turn(session: Session, at: datetime) -> None:
    """Whoever writes what a directory says does so alone: the command, the nightly job and an event may meet."""
    await session.run(
        "INSERT INTO leases (name, holder, until) VALUES (?, '', ?) ON CONFLICT (name) DO UPDATE SET until = excluded.until",
        _TURN,
        at,
    )


# --- units ---


async def keep_units(session: Session, platform: PlatformName, units: Mapping[str, Unit]) -> int:
    """These are all the units there are. Returns how many are new, gone, renamed or moved."""
    had = await nodes(session, platform)
    changed = sum([await keep_unit(session, platform, unit, had) for unit in units.values()])
    for key in sorted(had.keys() - units.keys()):
        await forget_unit(session, platform, key)
    return changed + len(had.keys() - units.keys())


async def keep_unit(
    session: Session, platform: PlatformName, unit: Unit, had: Mapping[str, Node] | None = None
) -> bool:
    """This unit is so. A name that is hidden leaves the one that is known. Whether anything changed."""
    known = (await nodes(session, platform) if had is None else had).get(unit.key)
    name = unit.name or (known.name if known else "")
    if known == Node(name, unit.parent):
        return False
    await session.run(
        "INSERT INTO directory_units (platform, unit_key, name, parent_key) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (platform, unit_key) DO UPDATE SET name = excluded.name, parent_key = excluded.parent_key",
        str(platform),
        unit.key,
        name[:255],
        unit.parent,
    )
    return True


async def forget_unit(session: Session, platform: PlatformName, key: str) -> None:
    await session.run("DELETE FROM directory_units WHERE platform = ? AND unit_key = ?", str(platform), key)


async def nodes(session: Session, platform: PlatformName) -> dict[str, Node]:
    rows = await session.all(
        "SELECT unit_key, name, parent_key FROM directory_units WHERE platform = ?", str(platform)
    )
    return {row[0]: Node(row[1], row[2]) for row in rows}


# --- members ---


async def members(session: Session, platform: PlatformName) -> dict[str, Known]:
    """Everybody who has ever been seen, by key."""
    rows = await session.all(
        "SELECT user_key, user_id, employee_id, doubt, unit_key, leads, manager_key, mark, gone_at FROM directory_members"
        " WHERE platform = ?",
        str(platform),
    )
    return {
        row[0]: Known(
            row[1], row[2], row[3], row[4], frozenset(row[5].split()), row[6], row[7], row[8] is not None
        )
        for row in rows
    }


async def keep_member(
    session: Session,
    platform: PlatformName,
    key: str,
    member: Member,
    *,
    employee_id: int | None,
    doubt: str,
    mark: str,
    at: datetime,
) -> None:
    """This member is here and so. A superior that was not asked for leaves the one that is known."""
    await session.run(
        "INSERT INTO directory_members (platform, user_key, user_id, employee_id, doubt, unit_key, leads, manager_key, mark,"
        " seen_at, gone_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (platform, user_key) DO UPDATE SET"
        " user_id = excluded.user_id, employee_id = excluded.employee_id, doubt = excluded.doubt,"
        " unit_key = excluded.unit_key, leads = excluded.leads,"
        " manager_key = coalesce(excluded.manager_key, directory_members.manager_key), mark = excluded.mark,"
        " seen_at = excluded.seen_at, gone_at = NULL",
        str(platform),
        key,
        member.user_id,
        employee_id,
        doubt,
        member.units[0] if member.units else "",
        " ".join(sorted(member.leads)),
        key_of(platform, member.manager) if member.manager else member.manager,
        mark,
        at,
    )


async def mark_gone(session: Session, platform: PlatformName, key: str, at: datetime) -> None:
    await session.run(
        "UPDATE directory_members SET gone_at = ? WHERE platform = ? AND user_key = ? AND gone_at IS NULL",
        at,
        str(platform),
        key,
    )


async def seats(session: Session, platform: PlatformName) -> dict[str, tuple[int, Seat]]:
    """Whose seat is where, of all who are here and known: the employee's id and the seat, by key."""
    rows = await session.all(
        "SELECT m.user_key, m.employee_id, m.unit_key, m.leads, m.manager_key FROM directory_members m"
        " JOIN employees e ON e.id = m.employee_id AND e.active = ? WHERE m.platform = ? AND m.gone_at IS NULL",
        True,
        str(platform),
    )
    return {row[0]: (row[1], Seat(row[2], frozenset(row[3].split()), row[4] or "")) for row in rows}


async def gone_since(session: Session, platform: PlatformName, since: datetime) -> int:
    """How many have left the directory from a moment on."""
    row = await session.one(
        "SELECT count(*) FROM directory_members WHERE platform = ? AND gone_at >= ? AND employee_id IS NOT NULL",
        str(platform),
        since,
    )
    return 0 if row is None else int(row[0])


async def in_use(session: Session) -> frozenset[PlatformName]:
    """The platforms whose directory has been pulled at least once."""
    rows = await session.all("SELECT DISTINCT platform FROM directory_members")
    return frozenset(PlatformName(row[0]) for row in rows)


async def size(session: Session, platform: PlatformName) -> tuple[int, int]:
    """Units and people, as last seen."""
    units = await session.one("SELECT count(*) FROM directory_units WHERE platform = ?", str(platform))
    people = await session.one(
        "SELECT count(*) FROM directory_members WHERE platform = ? AND gone_at IS NULL", str(platform)
    )
    return (int(units[0]) if units else 0, int(people[0]) if people else 0)


# --- changes that wait ---


async def note_changes(session: Session, changes: Iterable[Change], at: datetime) -> None:
    """Remember what is to be looked into; the same again waits once."""
    for change in changes:
        await session.run(
            "INSERT INTO directory_changes (platform, kind, changed_key, former_key, at, tries, next_at)"
            " VALUES (?, ?, ?, ?, ?, 0, ?) ON CONFLICT (platform, kind, changed_key) DO UPDATE SET at = excluded.at,"
            " next_at = excluded.next_at, former_key = CASE WHEN excluded.former_key <> '' THEN excluded.former_key"
            " ELSE directory_changes.former_key END",
            str(change.platform),
            str(change.kind),
            change.key[:128],
            change.former[:128],
            at,
            at,
        )


async def waiting_changes(session: Session, now: datetime, limit: int) -> list[tuple[Change, datetime]]:
    """What is to be looked into by now, the oldest first, with the moment of its last event. Units come before people."""
    rows = await session.all(
        "SELECT platform, kind, changed_key, at, former_key FROM directory_changes WHERE next_at <= ?"
        " ORDER BY CASE WHEN kind = 'unit' THEN 0 ELSE 1 END, at, id LIMIT ?",
        now,
        limit,
    )
    return [
        (Change(ChangeKind(row[1]), PlatformName(row[0]), row[2], row[4]), moment(row[3])) for row in rows
    ]


async def looked_into(session: Session, change: Change, at: datetime) -> None:
    """Done with, unless it has happened again since `at`."""
    await session.run(
        "DELETE FROM directory_changes WHERE platform = ? AND kind = ? AND changed_key = ? AND at = ?",
        str(change.platform),
        str(change.kind),
        change.key,
        at,
    )


async def forget_changes(session: Session, platform: PlatformName, until: datetime) -> None:
    """A pull that began at `until` has seen all of them."""
    await session.run("DELETE FROM directory_changes WHERE platform = ? AND at <= ?", str(platform), until)


async def later(session: Session, change: Change, now: datetime) -> None:
    """It could not be looked into now."""
    row = await session.one(
        "SELECT tries FROM directory_changes WHERE platform = ? AND kind = ? AND changed_key = ?",
        str(change.platform),
        str(change.kind),
        change.key,
    )
    tries = int(row[0]) if row else 0
    await session.run(
        "UPDATE directory_changes SET tries = ?, next_at = ? WHERE platform = ? AND kind = ? AND changed_key = ?",
        tries + 1,
        now + min(AGAIN * 2 ** min(tries, 10), LONGEST_PAUSE),
        str(change.platform),
        str(change.kind),
        change.key,
    )


async def on_other_platforms(
    session: Session, employee_id: int, platform: PlatformName
) -> Collection[PlatformName]:
    """Where else the directory still has somebody."""
    rows = await session.all(
        "SELECT platform FROM directory_members WHERE employee_id = ? AND platform <> ? AND gone_at IS NULL",
        employee_id,
        str(platform),
    )
    return [PlatformName(row[0]) for row in rows]


async def rename(session: Session, platform: PlatformName, former: str, user_id: str) -> None:
    """The same person has another user id from now on, in the directory and as an account."""
    new = key_of(platform, user_id)
    for table in ("directory_members", "accounts"):
        taken = await session.one(
            f"SELECT 1 FROM {table} WHERE platform = ? AND user_key = ?", str(platform), new
        )
        if taken is None:
            await session.run(
                f"UPDATE {table} SET user_key = ?, user_id = ? WHERE platform = ? AND user_key = ?",
                new,
                user_id,
                str(platform),
                key_of(platform, former),
            )


async def keep_heads(session: Session, platform: PlatformName, unit: str, heads: frozenset[str]) -> None:
    """These lead the unit, and nobody else."""
    for key, one in (await members(session, platform)).items():
        leads = one.leads | {unit} if key in heads else one.leads - {unit}
        if leads != one.leads:
            await session.run(
                "UPDATE directory_members SET leads = ? WHERE platform = ? AND user_key = ?",
                " ".join(sorted(leads)),
                str(platform),
                key,
            )

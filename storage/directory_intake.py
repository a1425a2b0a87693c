"""Members of a platform's directory become employees: who is who, what is taken over, who is left in doubt."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from chat.directory import Member, key_of
from chat.events import Account, PlatformName
from storage import directory, people
from storage.directory import Known
from storage.session import Session, day_or_none
from storage.tables.people import Employee


class Doubt(StrEnum):
    """Why somebody in the directory is not taken in."""

    NAMESAKE = "namesake"
    """Somebody of this name works here and has no account on the platform; the directory gives no number to tell by."""
    NAMELESS = "nameless"
    """The name is hidden, and there are people who have no account on the platform."""
    NUMBER_TAKEN = "number_taken"
    """The number is somebody else's."""
    LEFT = "left"
    """The staff file says that the person has left."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    user_id: str
    name: str
    why: Doubt


@dataclass(slots=True)
class Taken:
    """Employees by their ids, whichever platforms they are on, and who is in doubt."""

    seen: set[int] = field(default_factory=set)
    brought: set[int] = field(default_factory=set)
    altered: set[int] = field(default_factory=set)
    back: set[int] = field(default_factory=set)
    doubtful: list[Doubtful] = field(default_factory=list)

    @property
    def new(self) -> int:
        return len(self.brought)

    @property
    def changed(self) -> int:
        """Who has returned among them."""
        return len((self.altered | self.back) - self.brought)

    @property
    def returned(self) -> int:
        return len(self.back)

    @property
    def same(self) -> int:
        return len(self.seen - self.brought - self.altered - self.back)

    def add(self, other: Taken) -> None:
        self.seen |= other.seen
        self.brought |= other.brought
        self.altered |= other.altered
        self.back |= other.back
        self.doubtful += other.doubtful


@dataclass(slots=True)
class _OnFile:
    id: int
    number: str
    name: str
    position: str
    mobile: str
    joined_on: date | None
    active: bool
    erased: bool


class _Staff:
    """Everybody on file, and whose account on this platform is whose."""

    def __init__(self, people_: Sequence[_OnFile], accounts: dict[str, int]) -> None:
        self.by_id = {one.id: one for one in people_}
        self.accounts = accounts
        self.with_account = {employee_id: key for key, employee_id in accounts.items()}
        self.by_number: dict[str, _OnFile] = {}
        self.by_mobile: dict[str, list[_OnFile]] = defaultdict(list)
        self.without: dict[str, set[int]] = defaultdict(set)
        """Who has no account on this platform, by name."""
        for one in people_:
            self.put(one)

    def put(self, one: _OnFile) -> None:
        """Somebody new, or of another number or name than before."""
        self.by_id[one.id] = one
        self.by_number[one.number.casefold()] = one
        if one.active and one.mobile:
            self.by_mobile[one.mobile].append(one)
        if one.active and one.id not in self.with_account:
            self.without[one.name].add(one.id)

    def give(self, one: _OnFile, key: str) -> None:
        """From now on this account is theirs."""
        self.accounts[key] = one.id
        self.with_account[one.id] = key
        for ids in self.without.values():
            ids.discard(one.id)

    def lacks_account(self, name: str | None = None) -> bool:
        """Whether anybody, or anybody of this name, has no account on this platform."""
        return any(self.without.values()) if name is None else bool(self.without.get(name))


async def take_in(
    session: Session,
    platform: PlatformName,
    some: Sequence[Member],
    at: datetime,
    *,
    order: Sequence[PlatformName],
    listed: Collection[str],
) -> Taken:
    """Take these members in, in one transaction.

    `order`: whose word counts for people who are on several platforms, the first; the others only fill in what is empty.
    `listed`: the keys of everybody whom the directory has.
    """
    await directory.take_turn(session, at)
    staff = await _staff(session, platform)
    known = await directory.members(session, platform)
    ruled = await _ruled_elsewhere(session, platform, order)
    taken = Taken()
    for member in some:
        key = key_of(platform, member.user_id)
        one, doubt = _who(member, key, known.get(key), staff, listed)
        if doubt is not None:
            taken.doubtful.append(Doubtful(member.user_id, member.name, doubt))
        elif one is None:
            one = await _employ(session, member)
            staff.put(one)
            taken.brought.add(one.id)
        else:
            only_fill = one.id in ruled
            await _update(
                session, one, member, taken, only_fill=only_fill, before=known.get(key), staff=staff
            )
        if one is not None and doubt is None:
            taken.seen.add(one.id)
            if staff.with_account.get(one.id) != key:
                await people.bind(session, one.id, Account(platform, member.user_id), "directory", at)
                staff.give(one, key)
                taken.altered.add(one.id)
        await directory.keep_member(
            session,
            platform,
            key,
            member,
            employee_id=one.id if one is not None else None,
            doubt=str(doubt or ""),
            mark=mark_of(member),
            at=at,
        )
    return taken


def mark_of(member: Member) -> str:
    """Changes where anything but the superior does."""
    said = repr(
        (
            member.name,
            member.number,
            member.mobile,
            member.title,
            member.joined_on,
            sorted(member.units),
            sorted(member.leads),
        )
    )
    return f"{zlib.crc32(said.encode()):08x}"


def _who(
    member: Member, key: str, before: Known | None, staff: _Staff, listed: Collection[str]
) -> tuple[_OnFile | None, Doubt | None]:
    """Whose entry this is; None for somebody new. Nobody is guessed: what is not sure is a doubt."""
    one = (
        _by_account(key, before, staff)
        or _by_number(member, staff, listed)
        or _by_mobile(member, staff, listed)
    )
    if one is not None:
        back = before is not None and before.gone
        return one, None if one.active or back else Doubt.LEFT
    wanted = member.number or member.user_id
    if wanted.casefold() in staff.by_number:
        return None, Doubt.NUMBER_TAKEN
    if not member.number:
        if not member.name and staff.lacks_account():
            return None, Doubt.NAMELESS
        if staff.lacks_account(member.name):
            return None, Doubt.NAMESAKE
    return None, None


def _by_account(key: str, before: Known | None, staff: _Staff) -> _OnFile | None:
    found = staff.by_id.get(staff.accounts.get(key, 0))
    if found is None and before is not None and before.employee_id is not None:
        found = staff.by_id.get(before.employee_id)
    return found if found is not None and not found.erased else None


def _by_number(member: Member, staff: _Staff, listed: Collection[str]) -> _OnFile | None:
    """By the employee number; where the directory has none, the user id may be one, if the name is not another's."""
    found = staff.by_number.get((member.number or member.user_id).casefold())
    if found is None or found.erased or not _free(found, staff, listed):
        return None
    return found if member.number or _may_be_called(found, member.name) else None


def _by_mobile(member: Member, staff: _Staff, listed: Collection[str]) -> _OnFile | None:
    """The platform itself says that this number is theirs; one that two have on file tells nothing."""
    found = staff.by_mobile.get(member.mobile, ()) if member.mobile else ()
    if len(found) != 1 or not _free(found[0], staff, listed) or not _may_be_called(found[0], member.name):
        return None
    return found[0]


def _free(one: _OnFile, staff: _Staff, listed: Collection[str]) -> bool:
    """Whether the person has no account on the platform, or one that the directory does not have any more."""
    return staff.with_account.get(one.id) not in listed


def _may_be_called(one: _OnFile, name: str) -> bool:
    return not name or name == one.name


async def _employ(session: Session, member: Member) -> _OnFile:
    one = _OnFile(
        0,
        (member.number or member.user_id)[:64],
        (member.name or member.user_id)[:64],
        member.title[:64],
        member.mobile[:32],
        member.joined_on,
        active=True,
        erased=False,
    )
    await session.flush()
    made = await Employee.create(
        number=one.number,
        name=one.name,
        position=one.position,
        mobile=one.mobile,
        joined_on=one.joined_on,
        using_db=session.orm,
    )
    return replace(one, id=made.id)


async def _update(
    session: Session,
    one: _OnFile,
    member: Member,
    taken: Taken,
    *,
    only_fill: bool,
    before: Known | None,
    staff: _Staff,
) -> None:
    """Take over what the directory knows; what it hides or leaves empty stays."""
    said: dict[str, object] = {
        "name": member.name[:64],
        "position": member.title[:64],
        "mobile": member.mobile[:32],
        "joined_on": member.joined_on,
    }
    changes = {
        column: value
        for column, value in said.items()
        if value and value != (had := getattr(one, column)) and not (only_fill and had)
    }
    if only_fill and one.name == one.number and member.name:
        changes["name"] = member.name[:64]  # the other platform hides the name
    made_up = one.number.casefold() == member.user_id.casefold() != member.number.casefold()
    if made_up and member.number and member.number.casefold() not in staff.by_number:
        changes["number"] = member.number[:64]
    returned = not one.active and before is not None and before.gone
    if returned:
        changes |= {"active": True, "left_on": None}
        taken.back.add(one.id)
    for column, value in changes.items():
        await session.run(f"UPDATE employees SET {column} = ? WHERE id = ?", value, one.id)
        if hasattr(one, column):
            setattr(one, column, value)
    if changes:
        staff.put(one)
        taken.altered.add(one.id)


async def _staff(session: Session, platform: PlatformName) -> _Staff:
    rows = await session.all(
        "SELECT id, number, name, position, mobile, joined_on, active, erased_at FROM employees"
    )
    accounts = await session.all(
        "SELECT user_key, employee_id FROM accounts WHERE platform = ?", str(platform)
    )
    return _Staff(
        [
            _OnFile(
                row[0],
                row[1],
                row[2],
                row[3],
                row[4],
                day_or_none(row[5]),
                active=bool(row[6]),
                erased=row[7] is not None,
            )
            for row in rows
        ],
        {row[0]: row[1] for row in accounts},
    )


async def _ruled_elsewhere(
    session: Session, platform: PlatformName, order: Sequence[PlatformName]
) -> frozenset[int]:
    """Who is in the directory of a platform that goes before this one."""
    first = [str(one) for one in order[: order.index(platform)]] if platform in order else []
    if not first:
        return frozenset()
    rows = await session.all(
        "SELECT employee_id FROM directory_members WHERE gone_at IS NULL AND employee_id IS NOT NULL"
        f" AND platform IN ({', '.join('?' * len(first))})",
        *first,
    )
    return frozenset(row[0] for row in rows)

"""Requests of unknown accounts to be tied to an employee."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.events import Account, Conversation, PlatformName
from okr.people import Person
from storage import people
from storage.session import Session

VALID = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Binding:
    id: int
    account: Account
    employee_id: int


async def ask(
    session: Session, account: Account, conversation: Conversation, employee_id: int, now: datetime
) -> int | None:
    """Record a request and return its id; None while the same one waits. A newer request of an account replaces the older."""
    row = await session.one(
        "SELECT id FROM binding_requests WHERE platform = ? AND user_key = ? AND employee_id = ? AND state = 'waiting'"
        " AND asked_at > ?",
        str(account.platform),
        account.key,
        employee_id,
        now - VALID,
    )
    if row is not None:
        return None
    await session.run(
        "UPDATE binding_requests SET state = 'replaced', decided_at = ? WHERE platform = ? AND user_key = ? AND state = 'waiting'",
        now,
        str(account.platform),
        account.key,
    )
    row = await session.one(
        "INSERT INTO binding_requests (platform, user_key, user_id, account_name, conversation, employee_id, state, asked_at)"
        " VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?) RETURNING id",
        str(account.platform),
        account.key,
        account.user_id,
        account.name,
        conversation.id,
        employee_id,
        now,
    )
    assert row is not None
    request_id: int = row[0]
    return request_id


async def deciders(session: Session, person: Person, admins: Collection[str]) -> list[int]:
    """Who may say whether it is this person: the direct manager where there is one, and the admins."""
    found = [admin.id for admin in await people.by_numbers(session, sorted(admins))]
    manager = [person.manager_id] if person.manager_id is not None else []
    return [receiver for receiver in dict.fromkeys([*manager, *found]) if receiver != person.id]


async def waiting_of(session: Session, account: Account, now: datetime) -> list[Binding]:
    """What this account has asked for and nobody has decided yet."""
    return [
        one
        for one in await waiting(session, now)
        if one.account.key == account.key and one.account.platform is account.platform
    ]


async def waiting(session: Session, now: datetime, employee_id: int | None = None) -> list[Binding]:
    """Requests that wait for a decision, of one employee or of all, oldest first."""
    one, values = (" AND employee_id = ?", (employee_id,)) if employee_id is not None else ("", ())
    rows = await session.all(
        "SELECT id, platform, user_id, account_name, employee_id FROM binding_requests"
        f" WHERE state = 'waiting' AND asked_at > ?{one} ORDER BY id",
        now - VALID,
        *values,
    )
    return [Binding(row[0], Account(PlatformName(row[1]), row[2], row[3]), row[4]) for row in rows]


async def decide(
    session: Session, request_id: int, state: str, decider_id: int | None, now: datetime
) -> bool:
    """Close a waiting request as `confirmed` or `refused`; false where somebody was first. The platform itself is nobody."""
    return (
        await session.run(
            "UPDATE binding_requests SET state = ?, decided_at = ?, decided_by_id = ? WHERE id = ? AND state = 'waiting'",
            state,
            now,
            decider_id,
            request_id,
        )
        > 0
    )


async def decided_by(session: Session, employee_id: int, now: datetime) -> int | None:
    """Who decided the newest request for this employee that is not long past."""
    row = await session.one(
        "SELECT decided_by_id FROM binding_requests WHERE employee_id = ? AND state IN ('confirmed', 'refused')"
        " AND decided_at > ? ORDER BY decided_at DESC, id DESC LIMIT 1",
        employee_id,
        now - VALID,
    )
    return None if row is None else row[0]


async def asked_since(session: Session, account: Account, since: datetime) -> int:
    """How many requests this account has made, whatever became of them."""
    row = await session.one(
        "SELECT count(*) FROM binding_requests WHERE platform = ? AND user_key = ? AND asked_at > ?",
        str(account.platform),
        account.key,
        since,
    )
    return 0 if row is None else row[0]

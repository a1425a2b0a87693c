"""Signing in at the board: links that open once, and the sessions that come of them.

A chat fetches a link before anybody taps it. So opening one uses nothing up: it is used up by the first browser that
comes back with the cookie it was given, and whatever else was opened by it is void from then on.
See docs/decisions/0012-the-board.md.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from chat.events import Account, PlatformName
from okr.people import Person
from storage import people
from storage.session import Session, moment

LINK_HOLDS = timedelta(minutes=15)
SESSION_HOLDS = timedelta(days=14)
_OWN = (
    "EXISTS (SELECT 1 FROM accounts a JOIN employees e ON e.id = a.employee_id WHERE a.employee_id = {0}.employee_id"
    " AND a.platform = {0}.platform AND a.user_key = {0}.user_key AND e.active = ?)"
)
"""The account is still the person's, and the person still here."""


class Way(StrEnum):
    """How somebody came in."""

    LINK = "link"
    DINGTALK = "dingtalk"
    WECOM = "wecom"


class Shut(StrEnum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Entry:
    """A session that was opened: the cookie's value, and the page it begins with."""

    token: str
    page: str


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is signed in. `came_back`: whether the browser had brought its cookie before."""

    session_id: int
    person: Person
    came_back: bool


async def make_link(session: Session, employee_id: int, account: Account, page: str, now: datetime) -> str:
    """A token that signs this person in once, for as long as the account is theirs."""
    token = secrets.token_urlsafe(32)
    await session.run(
        "INSERT INTO board_links (token_hash, employee_id, platform, user_key, page, created_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        _hashed(token),
        employee_id,
        str(account.platform),
        account.key,
        page,
        now,
        now + LINK_HOLDS,
    )
    return token


async def open_link(session: Session, token: str, now: datetime) -> Entry | Shut:
    """A session of the person a link was made for."""
    row = await session.one(
        "SELECT l.id, l.employee_id, l.platform, l.user_key, l.page, l.expires_at, l.used_at FROM board_links l"
        f" WHERE l.token_hash = ? AND {_OWN.format('l')}",
        _hashed(token),
        True,
    )
    if row is None:
        return Shut.UNKNOWN
    if row[6] is not None:
        return Shut.USED
    if moment(row[5]) <= now:
        return Shut.EXPIRED
    account = Account(PlatformName(row[2]), row[3])
    return Entry(await open_session(session, row[1], account, Way.LINK, now, link_id=row[0]), row[4])


async def open_session(
    session: Session,
    employee_id: int,
    account: Account,
    way: Way,
    now: datetime,
    *,
    link_id: int | None = None,
) -> str:
    """The value of the cookie by which the browser is known from now on."""
    token = secrets.token_urlsafe(32)
    await session.run(
        "INSERT INTO board_sessions (token_hash, employee_id, platform, user_key, way, link_id, created_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        _hashed(token),
        employee_id,
        str(account.platform),
        account.key,
        str(way),
        link_id,
        now,
        now + SESSION_HOLDS,
    )
    return token


async def who(session: Session, token: str, now: datetime) -> Guest | None:
    """Whose cookie this is; None for a forged one, one that is over, and for who has left or is bound no more."""
    row = await session.one(
        f"SELECT {people.COLUMNS}, s.id, s.came_back_at FROM board_sessions s JOIN employees e ON e.id = s.employee_id"
        f" WHERE s.token_hash = ? AND s.expires_at > ? AND {_OWN.format('s')}",
        _hashed(token),
        now,
        True,
    )
    return None if row is None else Guest(row[11], people.person_of(row), row[12] is not None)


async def come_back(session: Session, guest: Guest, now: datetime) -> bool:
    """The browser has brought its cookie for the first time: its link is used up. False where another was first."""
    row = await session.one("SELECT link_id FROM board_sessions WHERE id = ?", guest.session_id)
    if row is None:
        return False
    link_id = row[0]
    if link_id is not None:
        first = await session.run(
            "UPDATE board_links SET used_at = ? WHERE id = ? AND used_at IS NULL", now, link_id
        )
        if not first:
            await session.run("DELETE FROM board_sessions WHERE id = ?", guest.session_id)
            return False
        await session.run(
            "DELETE FROM board_sessions WHERE link_id = ? AND id <> ?", link_id, guest.session_id
        )
    await session.run("UPDATE board_sessions SET came_back_at = ? WHERE id = ?", now, guest.session_id)
    return True


async def sign_out(session: Session, token: str) -> None:
    await session.run("DELETE FROM board_sessions WHERE token_hash = ?", _hashed(token))


async def forget_before(session: Session, at: datetime) -> int:
    """Forget what opens nothing any more."""
    links = await session.run("DELETE FROM board_links WHERE expires_at <= ?", at)
    return links + await session.run("DELETE FROM board_sessions WHERE expires_at <= ?", at)


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()

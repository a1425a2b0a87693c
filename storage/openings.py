"""What people were told as their day began: what they have been offered again, and whether they looked (docs/rules/reminders.md)."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from storage.session import Session, moment

KEY = "day_opening"
"""In the place of a reminder: the card with which a day begins."""
LEFT, CARD = "left", "card"
"""Variants: what is left over alone, and the card with one's progress."""
REMEMBERED = timedelta(days=8)
_REF = re.compile(r"A(\d+)")


class ReadRate(NamedTuple):
    sent: int
    read: int


async def wishes(session: Session) -> dict[int, bool]:
    """Who has said whether he wants it, by id."""
    rows = await session.all(
        "SELECT employee_id, wanted FROM wishes WHERE reminder = ? AND subject = ''", KEY
    )
    return {row[0]: bool(row[1]) for row in rows}


def numbers_of(subject: str) -> list[int]:
    """The actions that a letter is about, by their numbers."""
    return [int(found) for found in _REF.findall(subject)]


async def offered(session: Session, employee_id: int, now: datetime) -> set[int]:
    """The actions that somebody has been offered again: each is offered once."""
    rows = await session.all(
        "SELECT subject FROM letters WHERE employee_id = ? AND reminder = ? AND state <> 'dropped' AND created_at >= ?",
        employee_id,
        KEY,
        now - REMEMBERED,
    )
    return {number for row in rows for number in numbers_of(row[0])}


async def read_rate(session: Session, since: datetime, zone: tzinfo) -> ReadRate:
    """How many cards with progress were sent since a moment, and after how many their person pressed one of its buttons or
    spoke to the bot on the same day. What is only looked at, no platform tells.
    """
    rows = await session.all(
        "SELECT employee_id, sent_at, touched_at FROM letters WHERE reminder = ? AND variant = ? AND state = 'sent'"
        " AND sent_at >= ?",
        KEY,
        CARD,
        since,
    )
    spoke = await _spoke(session, {row[0] for row in rows}, since)
    read = 0
    for person, sent, touched in rows:
        at = moment(sent)
        day = at.astimezone(zone).date()
        later = any(one >= at and one.astimezone(zone).date() == day for one in spoke.get(person, ()))
        read += touched is not None or later
    return ReadRate(len(rows), read)


async def _spoke(session: Session, people: Collection[int], since: datetime) -> dict[int, list[datetime]]:
    """When each of these was answered."""
    found: dict[int, list[datetime]] = {}
    ids = sorted(people)
    for begin in range(0, len(ids), 400):
        some = ids[begin : begin + 400]
        rows = await session.all(
            "SELECT employee_id, created_at FROM letters WHERE once LIKE 'answer:%' AND created_at >= ?"
            f" AND employee_id IN ({', '.join('?' * len(some))})",
            since,
            *some,
        )
        for row in rows:
            found.setdefault(row[0], []).append(moment(row[1]))
    return found

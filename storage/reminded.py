"""What reminders have said: so that the same is not said again, and not too much is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chat.answers import Mark, Urgency
from chat.card import Card, dump_card, load_card
from okr.reminding import Reminder
from storage import openings
from storage.session import Row, Session, moment

DIGEST = "digest"
"""The mark of the letter that says together what was over the ceiling."""

Said = tuple[int, datetime]
"""A level, and when it was said last."""
Cause = tuple[int | str, str, str]
"""Receiver (an employee, or a group as `dingtalk:id`), variant, subject: what the same reminder may say only once in a while."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A letter that was over the ceiling and waits to be said in a digest."""

    id: int
    mark: Mark
    title: str
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder's letter as its receiver saw it, for 为什么收到."""

    mark: Mark
    card: Card
    urgency: Urgency
    at: datetime

    @property
    def title(self) -> str:
        return self.card.face.title


async def said_since(session: Session, reminder: str, since: datetime, now: datetime) -> dict[Cause, Said]:
    """What a reminder has written since a moment, the worst level of each cause and when it was last.

    What was dropped unsent was not said; what waits for its window is as good as said, and counts as of now.
    """
    rows = await session.all(
        "SELECT employee_id, variant, subject, level,"
        " CASE WHEN state = 'waiting' THEN NULL ELSE coalesce(as_of, sent_at, created_at) END, platform, conversation_id FROM letters"
        " WHERE reminder = ? AND state <> 'dropped'"
        " AND (created_at >= ? OR state = 'waiting' OR coalesce(as_of, sent_at) >= ?) ORDER BY id",
        reminder,
        since,
        since,
    )
    said: dict[Cause, Said] = {}
    for row in rows:
        cause = (row[0] if row[0] is not None else f"{row[5]}:{row[6]}", row[1], row[2])
        before = said.get(cause)
        at = moment(row[4]) if row[4] is not None else now
        said[cause] = (max(row[3], before[0]), max(at, before[1])) if before else (row[3], at)
    return said


async def is_said(
    session: Session, employee_id: int, mark: Mark, card: Card, since: datetime, *, period: str = ""
) -> bool:
    """Whether a person has been sent the same cause at this level or a worse one since a moment, or will be by the digest.

    `period`: what makes it news again, unless the card says the very same; empty where nothing does.
    """
    rows = await session.all(
        "SELECT once, card FROM letters WHERE employee_id = ? AND reminder = ? AND variant = ? AND subject = ? AND level >= ?"
        " AND (state = 'sent' AND coalesce(as_of, sent_at) >= ? OR state = 'folded' AND folded_into IS NULL)",
        employee_id,
        mark.reminder,
        mark.variant,
        mark.subject,
        mark.level,
        since,
    )
    words = dump_card(card)
    return any(not period or row[0].endswith(f":{period}") or row[1] == words for row in rows)


async def count_sent(session: Session, employee_id: int, since: datetime) -> int:
    """How many private reminders a person was sent since a moment; the digest is not one of them."""
    row = await session.one(
        "SELECT count(*) FROM letters WHERE employee_id = ? AND state = 'sent' AND coalesce(as_of, sent_at) >= ? AND reminder <> ''"
        " AND reminder <> ?",
        employee_id,
        since,
        DIGEST,
    )
    return 0 if row is None else row[0]


async def fold(session: Session, letter_id: int, reason: str) -> None:
    """Keep a letter for the digest instead of sending it."""
    await session.run(
        "UPDATE letters SET state = 'folded', claimed_by = '', error = ? WHERE id = ?", reason, letter_id
    )


async def folded(session: Session, employee_id: int) -> list[Folded]:
    """What waits for a person's digest, the most serious first."""
    rows = await session.all(
        "SELECT id, reminder, variant, subject, level, facts, card, urgency FROM letters WHERE employee_id = ?"
        " AND state = 'folded' AND folded_into IS NULL ORDER BY urgency, level DESC, id",
        employee_id,
    )
    return [Folded(row[0], _mark(row, 1), load_card(row[6]).face.title, Urgency(row[7])) for row in rows]


async def with_folded(session: Session) -> list[int]:
    """The people for whom something waits to be said in a digest."""
    rows = await session.all(
        "SELECT DISTINCT employee_id FROM letters WHERE state = 'folded' AND folded_into IS NULL ORDER BY employee_id"
    )
    return [row[0] for row in rows]


async def said_in(session: Session, letter_ids: Sequence[int], digest_id: int) -> None:
    """Note which digest says these."""
    marks = ", ".join("?" * len(letter_ids))
    await session.run(f"UPDATE letters SET folded_into = ? WHERE id IN ({marks})", digest_id, *letter_ids)


async def refresh(session: Session, letter_id: int, card: Card, mark: Mark) -> None:
    """Let a waiting letter say what holds now."""
    await session.run(
        "UPDATE letters SET card = ?, level = ?, facts = ? WHERE id = ?",
        dump_card(card),
        mark.level,
        json.dumps(mark.facts),
        letter_id,
    )


async def last_told(session: Session, employee_id: int) -> Told | None:
    """The newest reminder that a person has been sent, or the card with which his day began."""
    rules = ", ".join(f"'{reminder}'" for reminder in (*Reminder, openings.KEY))
    row = await session.one(
        "SELECT reminder, variant, subject, level, facts, card, urgency, sent_at FROM letters WHERE employee_id = ?"
        f" AND state = 'sent' AND reminder IN ({rules}) ORDER BY sent_at DESC, id DESC LIMIT 1",
        employee_id,
    )
    return None if row is None else Told(_mark(row, 0), load_card(row[5]), Urgency(row[6]), moment(row[7]))


def _mark(row: Row, at: int) -> Mark:
    facts = tuple(json.loads(row[at + 4])) if row[at + 4] else ()
    return Mark(reminder=row[at], variant=row[at + 1], subject=row[at + 2], level=row[at + 3], facts=facts)

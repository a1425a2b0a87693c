"""Everything that leaves: posted in the transaction of its cause, claimed by a sender, sent or given up.

A claim is `next_try` moved into the future: whoever dies with it loses it when that moment comes.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chat.answers import Letter, Mark, Urgency
from chat.card import Card, dump_card, load_card
from chat.events import Account, ChatKind, Conversation, Event, PlatformName
from chat.platform import Parcel, Receipt
from storage import files
from storage.session import Row, Session, moment, moment_or_none

CLAIM = timedelta(seconds=60)
"""So long a sender has for a parcel before others may take it."""

ALIKE = 400
"""So many more letters of the same words are claimed with some: as many as DingTalk takes in a second, twenty people a call."""

_SHOWN = "SELECT id, ref, card, employee_id, coalesce(sent_at, created_at) FROM letters"
_AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""Before any clock that runs."""

_COLUMNS = (
    "id, ref, card, platform, created_at, user_id, conversation_id, conversation_kind, route, attempts, employee_id,"
    " urgency, expires_at, reminder, variant, subject, level, as_of"
)
_INSERT = (
    "INSERT INTO letters (ref, once, employee_id, platform, user_key, user_id, conversation_id, conversation_kind, route,"
    " card, urgency, state, created_at, next_try, attempts, claimed_by, expires_at, form, numbered, error)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?, ?, '', ?, '')"
    " ON CONFLICT (once) DO NOTHING RETURNING id"
)
_INSERT_MARKED = _INSERT.replace(
    "numbered, error)", "numbered, error, reminder, variant, subject, level, facts)"
).replace("?, '') ON", "?, '', ?, ?, ?, ?, ?) ON")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claimed letter: ready to go, or (`parcel.to` and `conversation` both None) still without a platform."""

    parcel: Parcel
    employee_id: int | None
    urgency: Urgency
    expires_at: datetime | None
    mark: Mark | None = None
    """Of a reminder's letter, without its facts."""
    as_of: datetime | None = None
    """The moment it is judged as of; None is now."""


async def post_answer(
    session: Session, event: Event, employee_id: int | None, card: Card, now: datetime, holder: str
) -> Parcel | None:
    """Post the answer to an event, claimed by the gateway that heard it; None where it has been posted before."""
    once = f"answer:{event.event_id}"
    ref = ref_of(once)
    where = event.conversation
    row = await session.insert(
        _INSERT,
        ref,
        once,
        employee_id,
        str(event.sender.platform),
        event.sender.key,
        event.sender.user_id,
        where.id,
        str(where.kind),
        json.dumps(dict(event.route)) if event.route else "",
        dump_card(card),
        int(Urgency.ANSWER),
        now,
        now + CLAIM,
        1,
        holder,
        None,
        card.asks,
    )
    if row is None:
        return None
    return Parcel(
        id=row[0],
        ref=ref,
        card=card,
        platform=event.sender.platform,
        at=now,
        conversation=where,
        route=event.route,
    )


async def post(session: Session, letter: Letter, now: datetime) -> int | None:
    """Post a letter for somebody and return its id; None where one with the same `once` has been posted before."""
    card = await files.enclose(session, letter.card, letter.files, now)
    place = letter.to if isinstance(letter.to, Conversation) else None
    account = letter.to if isinstance(letter.to, Account) else None
    somewhere, mark = place or account, letter.mark
    row = await session.one(
        _INSERT_MARKED if mark else _INSERT,
        ref_of(letter.once),
        letter.once,
        letter.to if isinstance(letter.to, int) else None,
        str(somewhere.platform) if somewhere else "",
        account.key if account else "",
        account.user_id if account else "",
        place.id if place else "",
        str(place.kind) if place else str(ChatKind.PRIVATE),
        "",
        dump_card(card),
        int(letter.urgency),
        now,
        now,
        0,
        "",
        letter.expires_at,
        card.asks,
        *((mark.reminder, mark.variant, mark.subject, mark.level, json.dumps(mark.facts)) if mark else ()),
    )
    if row is not None and session.judged_as_posted:
        await session.run("UPDATE letters SET as_of = ?, next_try = ? WHERE id = ?", now, _AT_ONCE, row[0])
    return None if row is None else row[0]


async def follow(session: Session, letter_id: int, card: Card, once: str, now: datetime) -> None:
    """Post what goes where a letter went, as the message after it; `once` as a letter's."""
    row = await session.one(
        "SELECT employee_id, platform, user_key, user_id, conversation_id, conversation_kind, route, urgency, expires_at,"
        " as_of FROM letters WHERE id = ?",
        letter_id,
    )
    if row is None:
        return
    address, urgency, expires_at = tuple(row)[:7], row[7], moment_or_none(row[8])
    await session.one(
        _INSERT,
        ref_of(once),
        once,
        *address,
        dump_card(card),
        urgency,
        now,
        now,
        0,
        "",
        expires_at,
        card.asks,
    )
    if row[9] is not None:
        await session.run(
            "UPDATE letters SET as_of = ?, next_try = ? WHERE once = ?", moment(row[9]), _AT_ONCE, once
        )


async def answer_to(session: Session, event_id: str) -> Parcel | None:
    """The stored answer to an event that is heard again; None once the postman has taken it in hand: he shows it.

    The first attempt is the gateway's own, and every claim counts as another.
    """
    row = await session.one(
        f"SELECT {_COLUMNS} FROM letters WHERE once = ? AND attempts = 1", f"answer:{event_id}"
    )
    return None if row is None else _waiting(row).parcel


async def claim(session: Session, now: datetime, holder: str, limit: int) -> list[Waiting]:
    """Take what is due, the most urgent and oldest first, so that no other sender takes it meanwhile.

    Where several of them say the same to people, the others who are to be told it come along, beyond the limit.
    """
    rows = await _take(session, now, holder, "ORDER BY urgency, id LIMIT ?", limit)
    cards = Counter(row[2] for row in rows if row[10] is not None and not row[8])
    for card, count in cards.items():
        if count > 1:
            rows += await _take(
                session,
                now,
                holder,
                "AND card = ? AND employee_id IS NOT NULL AND route = '' LIMIT ?",
                card,
                ALIKE,
            )
    if session.for_update:
        rows = await _one_sender_each(session, rows, now, holder)
    return sorted((_waiting(row) for row in rows), key=lambda waiting: (waiting.urgency, waiting.parcel.id))


async def _take(session: Session, now: datetime, holder: str, which: str, *values: object) -> list[Row]:
    lock = f"{session.for_update} SKIP LOCKED" if session.for_update else ""
    return list(
        await session.all(
            "UPDATE letters SET next_try = ?, claimed_by = ?, attempts = attempts + 1 WHERE id IN ("
            f"SELECT id FROM letters WHERE state = 'waiting' AND next_try <= ? {which}{lock}) RETURNING {_COLUMNS}",
            now + CLAIM,
            holder,
            now,
            *values,
        )
    )


async def _one_sender_each(session: Session, rows: list[Row], now: datetime, holder: str) -> list[Row]:
    """What of these may go: whose reminders another sender has in hand is left, or two would count for one ceiling."""
    reminded = sorted({row[10] for row in rows if row[10] is not None and row[13]})
    if not reminded:
        return rows
    marks = ", ".join("?" * len(reminded))
    locked = await session.all(
        f"SELECT id FROM employees WHERE id IN ({marks}) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED", *reminded
    )
    # A statement of its own: it sees what was committed by whoever held a lock until now.
    busy = await session.all(
        f"SELECT DISTINCT employee_id FROM letters WHERE state = 'waiting' AND employee_id IN ({marks}) AND reminder <> ''"
        " AND claimed_by <> '' AND claimed_by <> ? AND next_try > ?",
        *reminded,
        holder,
        now,
    )
    free = {row[0] for row in locked} - {row[0] for row in busy}
    left = [row[0] for row in rows if row[10] is not None and row[13] and row[10] not in free]
    if left:
        await session.run(
            "UPDATE letters SET next_try = ?, claimed_by = '', attempts = attempts - 1"
            f" WHERE id IN ({', '.join('?' * len(left))})",
            now,
            *left,
        )
    return [row for row in rows if row[0] not in left]


async def release(session: Session, now: datetime, holder: str | None = None) -> int:
    """Give up claims: of one holder, or (None, an engine with one process only) whatever is claimed."""
    mine, values = (" AND claimed_by = ?", (holder,)) if holder else ("", ())
    # What somebody is just noting down needs no release; to wait for it, one row after the other, could be for ever.
    lock = f"{session.for_update} SKIP LOCKED" if session.for_update else ""
    return await session.run(
        "UPDATE letters SET next_try = ?, claimed_by = '' WHERE id IN"
        f" (SELECT id FROM letters WHERE state = 'waiting' AND claimed_by <> ''{mine}{lock})",
        now,
        *values,
    )


async def address(session: Session, letter_id: int, account: Account) -> None:
    """Fix the account a letter goes to, so that every attempt goes there until it is refused."""
    await session.run(
        "UPDATE letters SET platform = ?, user_key = ?, user_id = ?, conversation_kind = ? WHERE id = ?",
        str(account.platform),
        account.key,
        account.user_id,
        str(ChatKind.PRIVATE),
        letter_id,
    )


async def sent(session: Session, shown: Sequence[tuple[int, Receipt, datetime]]) -> None:
    """Letters, by their ids, have been shown at these moments."""
    with_buttons = [one for one in shown if one[1].buttons]
    with_numbers = [one for one in shown if not one[1].buttons]
    for some, and_numbered in ((with_buttons, ""), (with_numbers, ", numbered = TRUE")):
        if some:
            await session.many(
                f"UPDATE letters SET state = 'sent', sent_at = ?, form = ?, error = ''{and_numbered} WHERE id = ?",
                [(at, receipt.form, letter_id) for letter_id, receipt, at in some],
            )
    if handles := [(receipt.handle, letter_id) for letter_id, receipt, _ in shown if receipt.handle]:
        await session.many("UPDATE letters SET handle = ? WHERE id = ?", handles)


async def try_later(session: Session, letter_id: int, at: datetime, error: str) -> None:
    await session.run(
        "UPDATE letters SET next_try = ?, claimed_by = '', error = ? WHERE id = ? AND state = 'waiting'",
        at,
        error,
        letter_id,
    )


async def wait_until(session: Session, letter_id: int, at: datetime) -> None:
    """Keep a letter for a moment at which it may go; then it is judged as of that."""
    await session.run(
        "UPDATE letters SET next_try = ?, as_of = NULL, claimed_by = '', error = '' WHERE id = ? AND state = 'waiting'",
        at,
        letter_id,
    )


async def was_refused(session: Session, letter_id: int) -> bool:
    """Whether another platform has refused this letter before."""
    row = await session.one("SELECT error FROM letters WHERE id = ?", letter_id)
    return row is not None and str(row[0]).startswith("refused:")


async def close(session: Session, letter_id: int, state: str, reason: str) -> None:
    """Give up: `dead` where it was refused for good, `dropped` where it lost its point."""
    await session.run(
        "UPDATE letters SET state = ?, claimed_by = '', error = ? WHERE id = ?", state, reason, letter_id
    )


async def redrawn(session: Session, letter_id: int, card: Card, *, touched: datetime | None = None) -> None:
    """Keep what a pressed card shows now, so that the next press and a quote mean that. `touched`: its receiver did it."""
    await session.run(
        "UPDATE letters SET card = ?, numbered = ?, touched_at = coalesce(touched_at, ?) WHERE id = ?",
        dump_card(card),
        card.asks,
        touched,
        letter_id,
    )


# --- what a number, a quote or a press refers to ---


@dataclass(frozen=True, slots=True)
class Shown:
    """A card that somebody has been shown."""

    id: int
    ref: str
    card: Card
    employee_id: int | None
    at: datetime

    @property
    def question(self) -> str:
        """The key under which an answer to it is remembered: a card that asks anew in its place is another question."""
        return f"replied:{self.ref}:{zlib.crc32(dump_card(self.card).encode()):08x}"


async def last_shown(session: Session, event: Event, *, numbered: bool) -> Shown | None:
    """The newest card shown to this account in this chat; `numbered`: whose choices had numbers."""
    platform, kind = event.sender.platform, event.conversation.kind
    where = "platform = ? AND user_key = ? AND conversation_kind = ?"
    values: list[object] = [str(platform), event.sender.key, str(kind)]
    if kind is not ChatKind.PRIVATE:
        where, values = f"{where} AND conversation_id = ?", [*values, event.conversation.id]
    if not numbered:
        row = await session.one(f"{_SHOWN} WHERE {where} ORDER BY id DESC LIMIT 1", *values)
        return None if row is None else _shown(row)
    rows = await session.all(
        f"{_SHOWN} WHERE {where} AND numbered = ? ORDER BY id DESC LIMIT 8", *values, True
    )
    # A letter that offers nothing may have come between a question and its answer.
    offering = (one for one in map(_shown, rows) if one.card.on(platform).buttons or one.card.awaits)
    return next(offering, None)


async def by_ref(session: Session, ref: str) -> Shown | None:
    row = await session.one(f"{_SHOWN} WHERE ref = ?", ref)
    return None if row is None else _shown(row)


async def tally(session: Session) -> dict[str, int]:
    """How many letters there are in each state."""
    return {row[0]: row[1] for row in await session.all("SELECT state, count(*) FROM letters GROUP BY state")}


def ref_of(once: str) -> str:
    """A stable reference made from the letter's uniqueness, within what both platforms allow."""
    return "l" + hashlib.sha256(once.encode()).hexdigest()[:31]


def _waiting(row: Row) -> Waiting:
    platform = PlatformName(row[3]) if row[3] else None
    place = Conversation(platform, row[6], ChatKind(row[7])) if platform and row[6] else None
    route: Mapping[str, Any] = json.loads(row[8]) if row[8] else {}
    return Waiting(
        parcel=Parcel(
            id=row[0],
            ref=row[1],
            card=load_card(row[2]),
            platform=platform or PlatformName.DINGTALK,
            at=moment(row[4]),
            to=Account(platform, row[5]) if platform and row[5] and place is None else None,
            conversation=place,
            route=route,
            attempt=row[9],
        ),
        employee_id=row[10],
        urgency=Urgency(row[11]),
        expires_at=moment_or_none(row[12]),
        mark=Mark(reminder=row[13], variant=row[14], subject=row[15], level=row[16]) if row[13] else None,
        as_of=moment_or_none(row[17]),
    )


def _shown(row: Row) -> Shown:
    return Shown(row[0], row[1], load_card(row[2]), row[3], moment(row[4]))

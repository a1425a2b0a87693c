"""What has been heard already: the event's own id, remembered in the transaction of its effect."""

from __future__ import annotations

from datetime import datetime

from chat.card import Card, dump_card, load_card
from chat.events import Account
from storage import people
from storage.people import Known
from storage.session import Session

_REMEMBER = "INSERT INTO heard (event_id, at, redraw) VALUES (?, ?, '') ON CONFLICT (event_id) DO NOTHING"


async def first_time(session: Session, event_id: str, at: datetime) -> bool:
    """Remember the event; false where it was heard before."""
    return await session.run(_REMEMBER, event_id, at) > 0


async def first_time_of(
    session: Session, event_id: str, at: datetime, account: Account
) -> tuple[bool, Known | None]:
    """The same, and who has this account (`people.by_account`)."""
    whose = people.whose(account)
    if whose is None:
        return await first_time(session, event_id, at), None
    first, row = await session.insert_and_one((_REMEMBER, (event_id, at)), whose)
    return first, None if row is None else people.known_of(row)


async def has(session: Session, event_id: str) -> bool:
    """Whether the event was heard, without remembering it."""
    return await session.one("SELECT 1 FROM heard WHERE event_id = ?", event_id) is not None


async def keep_redraw(session: Session, event_id: str, card: Card) -> None:
    """Keep the pressed card's new face for a repeat of the same press."""
    await session.run("UPDATE heard SET redraw = ? WHERE event_id = ?", dump_card(card), event_id)


async def redraw_of(session: Session, event_id: str) -> Card | None:
    row = await session.one("SELECT redraw FROM heard WHERE event_id = ?", event_id)
    return load_card(row[0]) if row is not None and row[0] else None


async def forget_before(session: Session, at: datetime) -> int:
    """Platforms repeat within hours; what is older is not asked for again."""
    return await session.run("DELETE FROM heard WHERE at < ?", at)

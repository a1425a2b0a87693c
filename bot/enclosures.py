"""What an answer encloses becomes letters, each after the other, once the answer itself has been shown."""

from __future__ import annotations

from datetime import datetime

from cards.enclosed import enclosed
from chat.card import Card
from storage import files, letters
from storage.session import Session


async def post(session: Session, letter_id: int, card: Card, cause: str, now: datetime) -> bool:
    """Post the enclosed files to where the letter went; whether there are any. `cause` makes them unique."""
    for ref in card.enclosed:
        name = await files.name_of(session, ref)
        if name:
            await letters.follow(session, letter_id, enclosed(ref, name), f"enclosed:{cause}:{ref}", now)
    return bool(card.enclosed)

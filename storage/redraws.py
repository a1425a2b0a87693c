"""Another face for a card that somebody was sent before: its request is over, and it should not look as if it were not."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from chat.answers import Redraw, Urgency
from chat.card import dump_card
from storage import letters
from storage.session import Session, moment

CODE_LIVES = timedelta(hours=72)
"""So long a platform takes its own handle of a card for a change of it."""
CARD = "card"
"""The form that is changed by our own reference, at any time."""


async def post(session: Session, redraw: Redraw, now: datetime, *, but_not: str = "") -> bool:
    """Whether the card is to be changed where it stands, by the postman.

    One that has not left yet does not leave any more. One that no platform changes later shows its new face at the next
    press. `but_not`: the reference of a card that gets its new face by the acknowledgement of a press.
    """
    row = await session.one(
        "SELECT id, ref, state, form, handle, platform, user_key, user_id, coalesce(sent_at, created_at)"
        " FROM letters WHERE once = ?",
        redraw.once,
    )
    if row is None or row[1] == but_not:
        return False
    letter_id, ref, state, form, handle, platform, user_key, user_id, at = tuple(row)
    if state == "waiting":
        await session.run(
            "UPDATE letters SET state = 'dropped', error = 'overtaken' WHERE id = ? AND state = 'waiting'"
            " AND claimed_by = ''",
            letter_id,
        )
    if state != "sent":
        return False
    await letters.redrawn(session, letter_id, redraw.card)
    if form != CARD and not (handle and now - moment(at) < CODE_LIVES):
        return False
    once = f"redraw:{ref}:{now.isoformat()}"
    await session.run(
        "INSERT INTO letters (ref, once, platform, user_key, user_id, conversation_id, conversation_kind, route, card,"
        " urgency, state, created_at, next_try, attempts, claimed_by, form, numbered, error)"
        " VALUES (?, ?, ?, ?, ?, '', '', ?, ?, ?, 'waiting', ?, ?, 0, '', '', ?, '') ON CONFLICT (once) DO NOTHING",
        letters.ref_of(once),
        once,
        platform,
        user_key,
        user_id,
        json.dumps({"redraws": ref, "handle": handle}),
        dump_card(redraw.card),
        int(Urgency.DECISION),
        now,
        now,
        False,
    )
    return True

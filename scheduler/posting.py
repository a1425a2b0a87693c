"""From what a reminder has to say to letters: each cause once, nobody who does not want it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from okr.reminding import AGAIN_AFTER, Reminder, may_say
from scheduler.reminder import Nudge
from storage import letters, reminded
from storage.reminded import Cause, Said
from storage.session import Session

AT_ONCE = 20
"""Letters posted in one transaction, so that nobody who chats has to wait for all of them."""


async def said_before(session: Session, reminder: Reminder, now: datetime) -> dict[Cause, Said]:
    """What this reminder has said lately, by receiver, variant and subject."""
    return await reminded.said_since(session, reminder, now - AGAIN_AFTER, now)


def worth_saying(nudges: Sequence[Nudge], said: dict[Cause, Said], now: datetime) -> list[Nudge]:
    """Those that are new, worse, or of a new period."""
    return [
        nudge
        for nudge in nudges
        if nudge.period or may_say(nudge.level, now, said.get((nudge.receiver, nudge.variant, nudge.subject)))
    ]


async def post(session: Session, reminder: Reminder, nudges: Sequence[Nudge], now: datetime) -> int:
    """Post the letters of these nudges and return how many were new."""
    posted = 0
    for nudge in nudges:
        posted += await letters.post(session, nudge.letter(reminder, now.date()), now) is not None
    return posted

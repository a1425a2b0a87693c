"""Whom a platform's directory has no more: gone from there, and from the company where no other directory has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from chat.events import PlatformName
from storage import directory
from storage.session import Session


async def leave(
    session: Session, platform: PlatformName, keys: Sequence[str], at: datetime, today: date
) -> list[int]:
    """The directory has these no more. Returns who has left the company: whom no other platform's directory has."""
    await directory.take_turn(session, at)
    known = await directory.members(session, platform)
    left: list[int] = []
    for key in keys:
        one = known.get(key)
        if one is None or one.gone:
            continue
        await directory.mark_gone(session, platform, key, at)
        if one.employee_id is None or await _still_here(session, one.employee_id, platform):
            continue
        if await directory.on_other_platforms(session, one.employee_id, platform):
            await session.run(
                "DELETE FROM accounts WHERE platform = ? AND user_key = ? AND employee_id = ?",
                str(platform),
                key,
                one.employee_id,
            )
            continue
        changed = await session.run(
            "UPDATE employees SET active = ?, left_on = ? WHERE id = ? AND active = ?",
            False,
            today,
            one.employee_id,
            True,
        )
        left += [one.employee_id] * bool(changed)
    return left


async def _still_here(session: Session, employee_id: int, platform: PlatformName) -> bool:
    """Whether the same person is in the same directory under another user id."""
    row = await session.one(
        "SELECT 1 FROM directory_members WHERE employee_id = ? AND platform = ? AND gone_at IS NULL",
        employee_id,
        str(platform),
    )
    return row is not None

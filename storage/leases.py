"""What must have one holder among replicas: a row with a name, a holder and a moment until which it holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.session import Session

TERM = timedelta(seconds=15)
"""A holder that has died is followed after so long; it renews three times as often."""


async def hold(session: Session, name: str, holder: str, now: datetime) -> bool:
    """Take or renew a lease; false while somebody else has it."""
    return (
        await session.run(
            "INSERT INTO leases (name, holder, until) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder,"
            " until = excluded.until WHERE leases.holder = excluded.holder OR leases.until < ?",
            name,
            holder,
            now + TERM,
            now,
        )
        > 0
    )


async def clear(session: Session) -> None:
    """Forget all leases, where there can be no other replica."""
    await session.run("DELETE FROM leases")


async def let_go(session: Session, holder: str) -> None:
    await session.run("DELETE FROM leases WHERE holder = ?", holder)

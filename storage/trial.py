"""To do something and see what would come of it, inside an open transaction; then it is undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from storage.session import Session

T = TypeVar("T")


async def tried(session: Session, work: Callable[[], Awaitable[T]]) -> T:
    """What `work` returns or raises; nothing that it wrote stays."""
    await session.all("SAVEPOINT trial")
    try:
        return await work()
    finally:
        await session.all("ROLLBACK TO SAVEPOINT trial")
        await session.all("RELEASE SAVEPOINT trial")


async def kept_or_undone(session: Session, work: Callable[[], Awaitable[T]]) -> T:
    """What `work` returns, and what it wrote stays; where it raises, nothing of it does."""
    await session.all("SAVEPOINT attempt")
    try:
        found = await work()
    except BaseException:
        await session.all("ROLLBACK TO SAVEPOINT attempt")
        await session.all("RELEASE SAVEPOINT attempt")
        raise
    await session.all("RELEASE SAVEPOINT attempt")
    return found

"""What pulling any platform's directory takes: a few questions side by side, and answers read with care."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from chat.errors import Rejected, Unreachable

Item = TypeVar("Item")
T = TypeVar("T")

SIDE_BY_SIDE = 8


async def all_of(ask: Callable[[Item], Awaitable[T]], items: Iterable[Item]) -> list[T]:
    """The answers in the order of the items. The first failure ends all of it, and is raised."""
    room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(item: Item) -> T:
        async with room:
            return await ask(item)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(item)) for item in items]
    except* (Unreachable, Rejected) as failed:
        raise _first(failed) from None
    return [task.result() for task in tasks]


def understood(read: Callable[[Any], T], answer: Any, platform: str) -> T:
    """What is not as it is documented counts as half an answer: raises Unreachable."""
    try:
        return read(answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreachable(f"{platform}: {type(error).__name__} in an answer", code="incomplete") from None


def _first(failed: BaseException) -> BaseException:
    while isinstance(failed, BaseExceptionGroup):
        failed = failed.exceptions[0]
    return failed

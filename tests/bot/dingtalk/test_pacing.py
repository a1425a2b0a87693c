from __future__ import annotations

import asyncio

import pytest

from bot.dingtalk.pacing import Pacing


async def passed(pacing: Pacing, api: str, calls: int) -> list[float]:
    """When each of the calls got its turn, in seconds from the start."""
    loop = asyncio.get_running_loop()
    start, times = loop.time(), list[float]()

    async def one() -> None:
        await pacing.turn(api)
        times.append(loop.time() - start)

    await asyncio.gather(*(one() for _ in range(calls)))
    return times


async def test_what_is_over_the_limit_waits_for_its_second() -> None:
    times = await passed(Pacing(calls=3, seconds=0.1), "POST a", 7)

    assert [round(time, 1) for time in times] == [0.0, 0.0, 0.0, 0.1, 0.1, 0.1, 0.2]


async def test_each_api_has_its_own_limit() -> None:
    pacing = Pacing(calls=1, seconds=5)

    first, second = await passed(pacing, "POST a", 1), await passed(pacing, "PUT a", 1)

    assert [*first, *second] == pytest.approx([0, 0], abs=0.1)

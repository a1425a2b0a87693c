from __future__ import annotations

import asyncio
from functools import partial

from bot.dingtalk.lanes import Lanes


async def test_a_lane_keeps_its_order_and_lanes_do_not_wait_for_each_other() -> None:
    lanes, done, gate = Lanes(10), list[str](), asyncio.Event()

    async def slow(name: str) -> None:
        await gate.wait()
        done.append(name)

    async def quick(name: str) -> None:
        done.append(name)

    await lanes.put("a", partial(slow, "a1"))
    await lanes.put("a", partial(quick, "a2"))
    await lanes.put("b", partial(quick, "b1"))
    await asyncio.sleep(0.01)
    gate.set()
    await lanes.finish(within=10)

    assert done == ["b1", "a1", "a2"]


async def test_a_full_house_makes_whoever_brings_more_wait() -> None:
    lanes, gate = Lanes(2), asyncio.Event()
    await lanes.put(1, gate.wait)
    await lanes.put(2, gate.wait)

    third = asyncio.create_task(lanes.put(3, gate.wait))
    await asyncio.sleep(0.01)
    waited = not third.done()
    gate.set()
    await third
    await lanes.finish(within=10)

    assert waited


async def test_a_job_that_fails_does_not_block_its_lane() -> None:
    lanes, done = Lanes(2), list[int]()

    async def fail() -> None:
        raise RuntimeError("broken")

    async def work() -> None:
        done.append(1)

    await lanes.put("a", fail)
    await lanes.put("a", work)
    await lanes.finish(within=10)

    assert done == [1]


async def test_finish_cancels_what_takes_too_long_and_gives_the_room_back() -> None:
    lanes = Lanes(1)
    await lanes.put("a", asyncio.Event().wait)

    await lanes.finish(within=0.01)

    async with asyncio.timeout(10):
        await lanes.put("a", partial(asyncio.sleep, 0))
        await lanes.finish(within=10)

from __future__ import annotations

import asyncio
import time

from bot.dingtalk.pacing import LATE, Pacing, answering


async def passed(pacing: Pacing, api: str, calls: int) -> list[float]:
    """When each of the calls got its turn, in seconds from the start."""
    loop = asyncio.get_running_loop()
    start, times = loop.time(), list[float]()

    async def one() -> None:
        await pacing.turn(api)
        times.append(loop.time() - start)

    await asyncio.gather(*(one() for _ in range(calls)))
    return times


def none_before(times: list[float], moments: list[float]) -> bool:
    """A busy machine may make everybody later, and nobody earlier."""
    return all(time >= moment - 0.001 for time, moment in zip(times, moments, strict=True))


async def test_a_few_go_at_once_and_the_others_evenly() -> None:
    times = await passed(Pacing(calls=10, seconds=6000.0, at_once=3), "POST a", 3)
    assert times[-1] < 600.0

    times = await passed(Pacing(calls=10, seconds=1.0, at_once=3), "POST a", 6)
    assert none_before(times, [0.0, 0.0, 0.0, 0.1, 0.2 - LATE, 0.3 - 2 * LATE])


async def test_what_is_over_the_limit_waits_for_its_second() -> None:
    times = await passed(Pacing(calls=3, seconds=0.3, at_once=3), "POST a", 5)

    assert none_before(times, [0.0, 0.0, 0.0, 0.3, 0.3])


async def test_each_api_has_its_own_limit() -> None:
    pacing = Pacing(calls=1, seconds=60)

    async with asyncio.timeout(30):
        await passed(pacing, "POST a", 1)
        await passed(pacing, "PUT a", 1)


async def test_after_a_held_up_loop_they_do_not_go_all_at_once() -> None:
    pacing = Pacing(calls=20, seconds=1.0, at_once=1)
    waiting = asyncio.create_task(passed(pacing, "POST a", 5))
    await asyncio.sleep(0.01)
    time.sleep(0.3)  # noqa: ASYNC251  # somebody holds the loop
    times = await waiting

    assert none_before(times[1:], [0.3 + n * (0.05 - LATE) for n in range(4)])


async def test_an_answer_goes_before_the_letters_that_wait() -> None:
    pacing = Pacing(calls=20, seconds=1.0, at_once=1)
    went: list[str] = []

    async def letter(number: int) -> None:
        await pacing.turn("POST a")
        went.append(str(number))

    async def answer() -> None:
        with answering():
            await pacing.turn("POST a")
            went.append("answer")

    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(letter(number))
        for _ in range(3):  # everybody stands in the row, and no time has passed
            await asyncio.sleep(0)
        group.create_task(answer())

    assert went[1:3] == ["1", "answer"]  # the one whose turn it was sleeps at the door already
    assert sorted(went) == ["0", "1", "2", "3", "4", "answer"]
    assert went[3:] == sorted(went[3:])

"""Where the time goes: the first row at 64 in flight under a profiler."""

from __future__ import annotations

from asyncio.subprocess import PIPE

from bench.company import CLIENT_ID
from bench.databases import furnished
from bench.options import Bench
from bench.processes import bot, end

EVENTS = 5_000


async def profile(bench: Bench) -> None:
    """Print the functions with the most time of their own, for each of the bot's threads."""
    async with (
        furnished(bench) as (folder, url),
        bot(folder, bench.load, url, runner=("-m", "bench.sides.profiled_bot"), stdout=PIPE) as running,
    ):
        done = await bench.load.ask("count", who=CLIENT_ID, in_flight=64, events=EVENTS)
        print(f"{EVENTS} updates, {done['rate']:,.0f}/s under the profiler, errors: {done['errors']}")
        await end(running.process)
        assert running.process.stdout is not None
        print((await running.process.stdout.read()).decode())

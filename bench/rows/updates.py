"""A durable 更新 over DingTalk's wire, frame sent to reply received, against the official SDK echoing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from functools import partial

from bench.company import CLIENT_ID
from bench.databases import furnished
from bench.options import Bench
from bench.pairs import compare
from bench.processes import bot, dingtalk_echo
from bench.report import Result

SQLITE = {1: 1.0, 8: None, 64: 2.0}
POSTGRES = {1: 0.5, 64: 1.5}


async def on_sqlite(bench: Bench) -> AsyncIterator[Result]:
    async for result in _rows(bench, SQLITE, postgres=False):
        yield result


async def on_postgres(bench: Bench) -> AsyncIterator[Result]:
    async for result in _rows(bench, POSTGRES, postgres=True):
        yield result


async def _rows(
    bench: Bench, targets: Mapping[int, float | None], *, postgres: bool
) -> AsyncIterator[Result]:
    engine = "PostgreSQL" if postgres else "SQLite"
    async with (
        furnished(bench, postgres=postgres) as (folder, url),
        bot(folder, bench.load, url),
        dingtalk_echo(bench.load, folder / "echo.log") as echo,
    ):
        for in_flight, target in targets.items():
            yield await compare(
                f"更新 DingTalk {engine}, {in_flight} in flight",
                partial(_measure, bench, CLIENT_ID, in_flight),
                partial(_measure, bench, echo, in_flight),
                pairs=bench.pairs,
                seconds=bench.seconds,
                target=target,
            )


async def _measure(bench: Bench, who: str, in_flight: int, seconds: float) -> dict[str, float]:
    answer: dict[str, float] = await bench.load.ask("closed", who=who, in_flight=in_flight, seconds=seconds)
    return answer

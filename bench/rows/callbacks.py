"""A durable 更新 by WeCom's encrypted callback with its passive reply, against a bare handler echoing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from bench.databases import furnished
from bench.options import Bench
from bench.pairs import compare
from bench.processes import bot, wecom_echo
from bench.report import Result

TARGETS = {1: 0.6, 16: 0.8}
FASTEST = 8_000
"""Requests a second that are prepared for."""


async def rows(bench: Bench) -> AsyncIterator[Result]:
    async with (
        furnished(bench, prefix="wecom") as (folder, url),
        bot(folder, bench.load, url, wecom=True) as running,
        wecom_echo(folder / "echo.log") as echo,
    ):
        for connections, target in TARGETS.items():

            async def side(url: str, seconds: float, connections: int = connections) -> dict[str, float]:
                answer: dict[str, float] = await bench.load.ask(
                    "callbacks",
                    url=url,
                    connections=connections,
                    seconds=seconds,
                    at_most=int(seconds * FASTEST),
                )
                return answer

            yield await compare(
                f"更新 WeCom SQLite, {connections} connections",
                partial(side, f"{running.url}/wecom/app"),
                partial(side, echo),
                pairs=bench.pairs,
                seconds=bench.seconds,
                target=target,
            )

"""The board with a thousand goals: first byte and full load, against a bare server of the same bytes."""

from __future__ import annotations

import re
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import aiohttp

from bench.board import GOALS
from bench.databases import furnished
from bench.options import Bench
from bench.processes import bot, process, run
from bench.report import Result

TIMES = 10
"""Of one side of a pair."""
UNIT = "/board/unit/压测公司"
_ASSET = re.compile(r'(?:rel="stylesheet" href|script src)="([^"]+)"')
Look = Callable[[], Coroutine[Any, Any, tuple[float, float]]]
"""Loads a page once: milliseconds to its first byte, and until it is there with its style and script."""


async def _rows(bench: Bench, *, postgres: bool) -> AsyncIterator[Result]:
    engine = "PostgreSQL" if postgres else "SQLite"
    async with furnished(bench, postgres=postgres) as (folder, url):
        link = folder / "link"
        await run("-m", "bench.board", url, str(link))
        async with bot(folder, bench.load, url) as running, aiohttp.ClientSession() as client:
            client.cookie_jar.update_cookies(await _signed_in(running.url + link.read_text()))
            addresses = await _kept(client, running.url, folder)
            async with process("-m", "bench.sides.bare_page", str(folder), stdout=PIPE) as side:
                assert side.stdout is not None
                bare = f"http://127.0.0.1:{int(await side.stdout.readline())}"
                ours, theirs = await _by_turns(
                    bench.pairs,
                    lambda: _load(client, addresses),
                    lambda: _load(client, [f"{bare}/{name}" for name in ("page", "style", "script")]),
                )
    size = (folder / "page").stat().st_size if (folder / "page").exists() else 0
    for index, what in enumerate(("first byte", "full load")):
        yield Result(
            f"board of {GOALS:,} goals, {what}, {engine}",
            f"{ours[index]:.0f} ms",
            f"{theirs[index]:.1f} ms the bytes alone",
            ours[index] / theirs[index],
            None,
            note=f"The page has {size / 1024:.0f} kB." if index and size else "",
        )


async def _signed_in(link: str) -> dict[str, str]:
    """The cookie that the link gives. Cookies for a bare address are taken by hand."""
    async with aiohttp.ClientSession() as client, client.get(link, allow_redirects=False) as response:
        return {name: cookie.value for name, cookie in response.cookies.items()}


async def _kept(client: aiohttp.ClientSession, base: str, folder: Path) -> list[str]:
    """The addresses of the page, its style and its script, each kept in the folder for the other side."""
    page = base + UNIT
    async with client.get(page) as response:
        response.raise_for_status()
        text = await response.text()
    (folder / "page").write_text(text)
    addresses = [base + found for found in _ASSET.findall(text)]
    for name, address in zip(("style", "script"), addresses, strict=True):
        async with client.get(address) as response:
            (folder / name).write_bytes(await response.read())
    return [page, *addresses]


async def _load(client: aiohttp.ClientSession, addresses: list[str]) -> tuple[float, float]:
    start = perf_counter()
    first = 0.0
    for address in addresses:
        async with client.get(address) as response:
            first = first or 1000 * (perf_counter() - start)
            await response.read()
    return first, 1000 * (perf_counter() - start)


async def _by_turns(pairs: int, ours: Look, theirs: Look) -> tuple[tuple[float, float], tuple[float, float]]:
    """Medians of both, the sides by turns; the first pair is for warming up."""
    took: dict[int, list[tuple[float, float]]] = {0: [], 1: []}
    for pair in range(pairs + 1):
        for side, look in enumerate((ours, theirs)):
            found = [await look() for _ in range(TIMES)]
            if pair:
                took[side] += found
    return _medians(took[0]), _medians(took[1])


def _medians(took: list[tuple[float, float]]) -> tuple[float, float]:
    return median(first for first, _ in took), median(whole for _, whole in took)


on_sqlite = partial(_rows, postgres=False)
on_postgres = partial(_rows, postgres=True)

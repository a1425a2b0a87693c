"""Processes started, spoken to and ended; nothing outlives the block it was started in."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import perf_counter
from typing import Any

import aiohttp

from bench import company

READY_WITHIN = 120.0
END_WITHIN = 15.0
TELLS = 40
"""Lines of what a process said before it failed."""


@asynccontextmanager
async def process(
    *arguments: str, stdin: int = DEVNULL, stdout: int = DEVNULL, log: Path | None = None, **environ: str
) -> AsyncIterator[Process]:
    """`python arguments…`, ended by SIGTERM, or by force. What it says on standard error goes to `log`."""
    with log.open("ab") if log is not None else contextlib.nullcontext(DEVNULL) as errors:
        started = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdin=stdin,
            stdout=stdout,
            stderr=errors,
            env={**os.environ, **environ},
            limit=2**20,
        )
    try:
        yield started
    finally:
        await end(started)


async def end(started: Process, within: float = END_WITHIN) -> None:
    """Let it end by itself for so many seconds, and then by force."""
    if started.returncode is None:
        started.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(within):
            await started.wait()
    except TimeoutError:
        started.kill()
        await started.wait()


async def run(*arguments: str) -> None:
    """Run to the end. Raises where it fails, with what it said last."""
    with NamedTemporaryFile() as said:
        log = Path(said.name)
        async with process(*arguments, log=log) as started:
            code = await started.wait()
        if code:
            raise RuntimeError(f"{' '.join(arguments)}: exit code {code}\n{_last(log)}")


def _last(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-TELLS:])


class Load:
    """The load generator: one command at a time."""

    def __init__(self, started: Process, address: str) -> None:
        self._process = started
        self.address = address

    async def ask(self, do: str, **told: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **told}).encode() + b"\n")
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the load generator has ended")
        return json.loads(line)


@asynccontextmanager
async def load_generator(log: Path) -> AsyncIterator[Load]:
    async with process("-m", "bench.load", stdin=PIPE, stdout=PIPE, log=log) as started:
        assert started.stdin is not None
        assert started.stdout is not None
        yield Load(started, json.loads(await started.stdout.readline()))


@dataclass(frozen=True, slots=True)
class Bot:
    process: Process
    url: str
    ready_after: float
    """Seconds from the process's start to the first 200 of /readyz."""


@asynccontextmanager
async def bot(
    folder: Path,
    load: Load,
    database_url: str,
    *,
    wecom: bool = False,
    runner: tuple[str, ...] = ("-m", "bot", "run", "--config"),
    stdout: int = DEVNULL,
) -> AsyncIterator[Bot]:
    """The real bot process, ready and connected to the load generator."""
    port = _free_port()
    config = folder / "bot.yaml"
    config.write_text(company.bot_yaml(database_url, load.address, port, wecom=wecom))
    await load.ask("forget", who=company.CLIENT_ID)
    start = perf_counter()
    async with process(*runner, str(config), stdout=stdout, log=folder / "bot.log") as started:
        url = f"http://127.0.0.1:{port}"
        await _ready(started, f"{url}/readyz")
        yield Bot(started, url, perf_counter() - start)


async def _ready(started: Process, url: str) -> None:
    async with asyncio.timeout(READY_WITHIN), aiohttp.ClientSession() as client:
        while True:
            if started.returncode is not None:
                raise RuntimeError(f"the bot ended with {started.returncode}")
            with contextlib.suppress(aiohttp.ClientError):
                async with client.get(url) as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.01)


@asynccontextmanager
async def dingtalk_echo(load: Load, log: Path) -> AsyncIterator[str]:
    """The bare bot on the official SDK, connected; gives the client id that the load knows it by."""
    async with process(
        "-m", "bench.sides.echo_dingtalk", "dingecho", "-", log=log, DINGTALK_OPENAPI_ENDPOINT=load.address
    ):
        await load.ask("connected", who="dingecho")
        yield "dingecho"


@asynccontextmanager
async def wecom_echo(log: Path) -> AsyncIterator[str]:
    """The bare handler; gives its address."""
    async with process("-m", "bench.sides.echo_wecom", stdout=PIPE, log=log) as started:
        assert started.stdout is not None
        yield f"http://127.0.0.1:{int(await started.stdout.readline())}/wecom/app"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port

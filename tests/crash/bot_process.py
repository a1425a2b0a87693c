"""The real bot as a process of its own, which can be killed without a word."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from pydantic import SecretStr

from config.settings import Settings

HOUSE = Path(__file__).parents[2]
STARTS_WITHIN = 120.0
STOPS_WITHIN = 30.0
TAIL = 40
"""Lines of its log that are shown where something went wrong."""


class BotFailed(Exception):
    """The bot ended, or did not become ready, though nobody had killed it."""


class BotProcess:
    """`okrbot run` with these settings, written into `folder`; its log is kept there over all its lives."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._config = folder / "bot.yaml"
        self._config.write_text(
            yaml.safe_dump(readable_settings(settings), allow_unicode=True), encoding="utf-8"
        )
        self._log = folder / "bot.log"
        self._ready = f"http://127.0.0.1:{settings.server.port}/readyz"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", "--config", str(self._config),
                cwd=HOUSE, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    async def ready(self) -> None:
        """Wait until it says so. Raises BotFailed."""
        try:
            async with asyncio.timeout(STARTS_WITHIN), aiohttp.ClientSession() as session:
                while not await self._is_ready(session):
                    self.require_alive()
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise BotFailed(f"not ready within {STARTS_WITHIN:.0f} s") from None

    async def kill(self) -> None:
        """SIGKILL. Raises BotFailed where it had ended before."""
        self.require_alive()
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        """SIGTERM. Raises BotFailed where it does not end well, and soon."""
        self.require_alive()
        assert self._process is not None
        self._process.terminate()
        try:
            async with asyncio.timeout(STOPS_WITHIN):
                code = await self._process.wait()
        except TimeoutError:
            raise BotFailed(f"still there {STOPS_WITHIN:.0f} s after SIGTERM") from None
        if code != 0:
            raise BotFailed(f"ended with {code} after SIGTERM")

    async def away(self) -> None:
        """Leave no process behind, whatever happened."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def require_alive(self) -> None:
        assert self._process is not None
        if self._process.returncode is not None:
            raise BotFailed(f"ended by itself with {self._process.returncode}")

    def last_words(self) -> str:
        """The end of its log."""
        if not self._log.exists():
            return ""
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL:])

    async def _is_ready(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(self._ready) as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False


def readable_settings(settings: Settings) -> Any:
    """The settings as a person would write them: what is not the default, secrets readable."""
    return _readable(settings.model_dump(exclude_defaults=True))


def _readable(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Mapping):
        return {key: _readable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_readable(part) for part in value]
    return value

"""The directories of the platforms that are enabled, opened for as long as somebody reads them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.asking_again import Patience
from bot.dingtalk.api import DingTalkApi
from bot.dingtalk.directory import DingTalkDirectory
from chat.directory import Directory
from config.settings import Settings


@asynccontextmanager
async def directories_of(
    settings: Settings, *, patience: Patience | None = None
) -> AsyncIterator[Sequence[Directory]]:
    """WeCom's is the app's: the robot has none."""
    found: list[Directory] = []
    if settings.dingtalk.enabled:
        charged = settings.directory.contacts_count
        found.append(DingTalkDirectory(DingTalkApi(settings.dingtalk), charged=charged, patience=patience))
    try:
        yield found
    finally:
        for directory in found:
            await directory.close()

"""The directories of the platforms that are enabled, opened for as long as somebody reads them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.asking_again import Patience
from bot.dingtalk.api import DingTalkApi
from bot.dingtalk.attendance import DingTalkAttendance
from bot.dingtalk.directory import DingTalkDirectory
from bot.wecom.api import WeComApi
from bot.wecom.directory import WeComDirectory
from chat.attendance import Attendance
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
    app = settings.wecom.app
    if settings.wecom.enabled and app is not None:
        api = WeComApi(
            settings.wecom.api_base,
            corp_id=settings.wecom.corp_id,
            secret=app.secret.get_secret_value(),
            agent_id=app.agent_id,
        )
        found.append(WeComDirectory(api, patience=patience))
    try:
        yield found
    finally:
        for directory in found:
            await directory.close()


@asynccontextmanager
async def attendances_of(
    settings: Settings, *, patience: Patience | None = None
) -> AsyncIterator[Sequence[Attendance]]:
    """DingTalk's is the only one that is known."""
    if not settings.dingtalk.enabled:
        yield ()
        return
    api = DingTalkApi(settings.dingtalk)
    try:
        yield (DingTalkAttendance(api, patience=patience),)
    finally:
        await api.close()

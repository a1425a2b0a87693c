"""Trying the platforms' credentials and directories, for `okrbot check --online`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.asking_again import Patience
from bot.dingtalk.api import DingTalkApi
from bot.directories import directories_of
from bot.wecom.api import WeComApi
from cards.directory_letters import PLATFORMS
from chat.errors import DeliveryFailed
from chat.events import PlatformName
from config.settings import Settings


async def try_credentials(settings: Settings) -> AsyncIterator[tuple[str, str]]:
    """Each platform that is enabled, and its problem in words; empty where the credentials work."""
    if settings.dingtalk.enabled:
        api = DingTalkApi(settings.dingtalk)
        yield "钉钉", await _problem(api)
    app = settings.wecom.app
    if settings.wecom.enabled and app is not None:
        yield (
            "企业微信",
            await _problem(
                WeComApi(
                    settings.wecom.api_base,
                    corp_id=settings.wecom.corp_id,
                    secret=app.secret.get_secret_value(),
                    agent_id=app.agent_id,
                )
            ),
        )


async def _problem(api: DingTalkApi | WeComApi) -> str:
    try:
        await api.token()
    except DeliveryFailed as failed:
        return f"凭证不能用({failed.code or failed.reason})"
    finally:
        await api.close()
    return ""


async def try_directories(settings: Settings) -> AsyncIterator[tuple[str, str, str]]:
    """Each platform's name, the problem of its directory in words, and what can be seen of it."""
    async with directories_of(settings, patience=Patience(times=1)) as found:
        for directory in found:
            name = PLATFORMS[directory.platform]
            try:
                seen = await directory.trial()
            except DeliveryFailed as failed:
                needed = _NEEDED[directory.platform]
                yield (
                    name,
                    f"读不到({failed.code or failed.reason}):要用 okrbot sync directory 就得{needed}",
                    "",
                )
                continue
            if not seen.people:
                yield name, f"里一个人都看不到:{_NEEDED[directory.platform]}", ""
                continue
            hides = f",{'、'.join(seen.hides)}看不到或没有填" if seen.hides else ""
            yield name, "", f"读得到(从「{seen.unit or '没有名字的部门'}」起){hides}"


_NEEDED = {
    PlatformName.DINGTALK: "开 qyapi_get_department_list、qyapi_get_department_member、qyapi_get_member,通讯录权限范围选全",
    PlatformName.WECOM: "把应用的可见范围选全,可信 IP 配好",
}

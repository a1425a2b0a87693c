"""Trying the platforms' credentials, for `okrbot check --online`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.dingtalk.api import DingTalkApi
from bot.wecom.api import WeComApi
from chat.errors import DeliveryFailed
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

"""Signing in at the board with WeCom, inside its app.

Sources: developer.work.weixin.qq.com 96441 (the address), 96442 (whose code it is).
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from bot.wecom.api import WeComApi
from chat.events import Account, PlatformName
from config.settings import WeCom, WeComApp
from storage.board_sessions import Way


class WeComSignIn:
    way = Way.WECOM
    label = "用企业微信登录"
    elsewhere = False

    def __init__(self, settings: WeCom, app: WeComApp) -> None:
        self._corp_id = settings.corp_id
        self._agent_id = app.agent_id
        self._base = settings.oauth_base.rstrip("/")
        self._api = WeComApi(
            settings.api_base,
            corp_id=settings.corp_id,
            secret=app.secret.get_secret_value(),
            agent_id=app.agent_id,
        )

    async def close(self) -> None:
        await self._api.close()

    def inside(self, agent: str) -> bool:
        return "wxwork/" in agent.lower()

    def address(self, back: str, state: str) -> str:
        """`state` of letters and digits only, at most 128 bytes."""
        asked = {
            "appid": self._corp_id,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
            "agentid": str(self._agent_id),
        }
        return f"{self._base}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"

    def code_of(self, query: Mapping[str, str]) -> str:
        return query.get("code", "")

    async def who(self, code: str) -> Account | None:
        """Somebody from outside has an openid and no userid."""
        answer = await self._api.call("GET", "auth/getuserinfo", query={"code": code})
        user_id = answer.get("userid")
        return Account(PlatformName.WECOM, str(user_id)) if user_id else None

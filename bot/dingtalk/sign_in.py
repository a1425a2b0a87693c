"""Signing in at the board with DingTalk, in its app or any browser.

Source: open.dingtalk.com, "Log on to a third-party website", "obtain the user token", "personal information of a user".
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from bot.dingtalk.api import DingTalkApi
from chat.errors import Rejected
from chat.events import Account, PlatformName
from config.settings import DingTalk
from storage.board_sessions import Way

_INTERNAL = 0
"""`contact_type` of the company's own people."""


class DingTalkSignIn:
    way = Way.DINGTALK
    label = "用钉钉登录"
    elsewhere = True

    def __init__(self, settings: DingTalk) -> None:
        self._client_id = settings.client_id
        self._login_base = settings.login_base.rstrip("/")
        self._api = DingTalkApi(settings)

    async def close(self) -> None:
        await self._api.close()

    def inside(self, agent: str) -> bool:
        return "dingtalk/" in agent.lower()

    def address(self, back: str, state: str) -> str:
        asked = {
            "redirect_uri": back,
            "response_type": "code",
            "client_id": self._client_id,
            "scope": "openid corpid",
            "state": state,
            "prompt": "consent",
        }
        return f"{self._login_base}/oauth2/auth?{urlencode(asked)}"

    def code_of(self, query: Mapping[str, str]) -> str:
        return query.get("authCode", "")

    async def who(self, code: str) -> Account | None:
        """The user token knows the person over all companies; whether he is of this one, the directory says."""
        union_id = await self._api.union_id_by_code(code)
        try:
            answer = await self._api.legacy("topapi/user/getbyunionid", {"unionid": union_id})
        except Rejected:
            return None
        result = answer.get("result") or {}
        if result.get("contact_type") != _INTERNAL or not result.get("userid"):
            return None
        return Account(PlatformName.DINGTALK, str(result["userid"]))

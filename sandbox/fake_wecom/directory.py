"""Who comes with an OAuth code, and the page that gives one to the in-app browser.

Sources: developer.work.weixin.qq.com 96441, 96442.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from sandbox.fake_wecom.world import World, answered

CODE_LIVES = timedelta(minutes=5)
_STATE = re.compile(r"[A-Za-z0-9]{0,128}")
_INSIDE = ("wxwork", "micromessenger")
"""The page opens in WeCom and WeChat only."""


class Directory:
    """`signed_in` is who is in front of the in-app browser; empty is somebody from outside."""

    def __init__(self, world: World, corp_id: str = "", agent_id: int = 0) -> None:
        self._world = world
        self._corp_id = corp_id
        self._agent_id = agent_id
        self._codes: dict[str, tuple[str, datetime]] = {}
        self.signed_in = ""
        self.trusted_domains: set[str] = set()
        """可信域名 of the app: anywhere while it is empty."""

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/connect/oauth2/authorize", self._authorize)]

    def issue_code(self, user_id: str) -> str:
        """What the in-app browser brings back; good for one use. An empty id is somebody from outside."""
        code = self._world.new_id("oauth-")
        self._codes[code] = (user_id, self._world.clock.now() + CODE_LIVES)
        return code

    def who(self, query: Mapping[str, str]) -> dict[str, Any]:
        """auth/getuserinfo"""
        user_id, until = self._codes.pop(query.get("code", ""), (None, None))
        if user_id is None or until is None or self._world.clock.now() >= until:
            return answered(40029)
        return answered(userid=user_id) if user_id else answered(openid="o-1", external_userid="wm-1")

    async def _authorize(self, request: web.Request) -> web.StreamResponse:
        query, agent = request.query, request.headers.get("User-Agent", "").lower()
        if not any(word in agent for word in _INSIDE):
            return web.Response(status=200, text="请在企业微信客户端打开链接")
        if query.get("appid") != self._corp_id or query.get("response_type") != "code":
            return web.Response(status=400, text="appid or response_type is wrong")
        if query.get("scope") != "snsapi_base" or query.get("agentid") != str(self._agent_id):
            return web.Response(status=400, text="scope or agentid is wrong")
        if not _STATE.fullmatch(query.get("state", "")):
            return web.Response(status=400, text="state may have 128 letters and digits")
        target = query.get("redirect_uri", "")
        if not target or (self.trusted_domains and urlsplit(target).hostname not in self.trusted_domains):
            return web.Response(status=400, text="50001 redirect_uri is of no trusted domain")
        back = urlencode({"code": self.issue_code(self.signed_in), "state": query.get("state", "")})
        return web.Response(
            status=302, headers={"Location": f"{target}{'&' if '?' in target else '?'}{back}"}
        )

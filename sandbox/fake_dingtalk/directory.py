"""Tokens and sign-in: who stands at the door, and who is looked for by name."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from sandbox.fake_dingtalk.gate import HEADER, VALID_FOR, Gate, Tokens
from sandbox.fake_dingtalk.refusals import TOKEN, Refused, RefusedLegacy, legacy_ok
from sandbox.fake_dingtalk.world import Person, World

_CODE_LIVES = timedelta(minutes=5)
_NOBODY = ("", datetime.min.replace(tzinfo=UTC))
_MOST_FOUND = 20


class Directory:
    """`signed_in` is who answers when a browser is sent to the sign-in page."""

    def __init__(self, world: World, gate: Gate, tokens: Tokens, secret: str) -> None:
        self._world = world
        self._gate = gate
        self._tokens = tokens
        self._secret = secret
        self.signed_in = ""
        self.redirect_uris: set[str] = set()
        """Where the console lets a sign-in return to; anywhere while it is empty."""
        self._codes: dict[str, tuple[str, datetime]] = {}
        self._told_company: set[str] = set()
        """Codes of sign-ins that were asked for the company, too (scope `corpid`)."""
        self._user_tokens: dict[str, tuple[str, datetime]] = {}

    def routes(self) -> list[web.RouteDef]:
        new, legacy = self._gate.new, self._gate.legacy
        return [
            web.post("/v1.0/oauth2/accessToken", new(self._access_token, metered=False, token=False)),
            web.get("/gettoken", legacy(self._get_token, token=False)),
            web.post("/topapi/v2/user/getuserinfo", legacy(self._user_info)),
            web.post("/v1.0/contact/users/search", new(self._search, metered=False)),
            web.get("/oauth2/auth", self._auth_page),
            web.post("/v1.0/oauth2/userAccessToken", new(self._user_token, metered=False, token=False)),
            web.get("/v1.0/contact/users/me", new(self._me, metered=False, token=False)),
        ]

    def login_code(self, user_id: str) -> str:
        """What `dd.requestAuthCode` gives inside the app, or the browser brings back: good once, 5 minutes."""
        code = secrets.token_hex(8)
        self._codes[code] = (user_id, self._world.clock.now() + _CODE_LIVES)
        return code

    # --- tokens ---------------------------------------------------------------------------------

    async def _access_token(self, _request: web.Request, body: Any) -> dict[str, Any]:
        return {"accessToken": self._tokens.fetch(body["appKey"], body["appSecret"]), "expireIn": 7200}

    async def _get_token(self, request: web.Request, _body: Any) -> dict[str, Any]:
        try:
            token = self._tokens.fetch(request.query["appkey"], request.query["appsecret"])
        except Refused as refused:
            raise RefusedLegacy(40089, refused.message) from None
        return legacy_ok(access_token=token, expires_in=7200)

    # --- looking for people ---------------------------------------------------------------------

    async def _search(self, _request: web.Request, body: Any) -> dict[str, Any]:
        if not 1 <= body["size"] <= _MOST_FOUND:
            raise Refused("invalidParameter.size")
        found = [p.user_id for p in self._world.people.values() if p.in_org and body["queryWord"] in p.name]
        page = found[body["offset"] : body["offset"] + body["size"]]
        return {"list": page, "hasMore": body["offset"] + body["size"] < len(found), "totalCount": len(found)}

    # --- sign-in --------------------------------------------------------------------------------

    async def _user_info(self, _request: web.Request, body: Any) -> dict[str, Any]:
        person = self._known(self._coded(body["code"]), 40078)
        result = {"userid": person.user_id, "name": person.name, "unionid": person.union_id, "sys": False}
        return legacy_ok(result={**result, "device_id": "", "sys_level": 0, "associated_unionid": ""})

    async def _auth_page(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        if query.get("client_id") != self._world.client_id or query.get("response_type") != "code":
            return web.Response(status=400, text="client_id or response_type is wrong")
        if "openid" not in query.get("scope", "").split() or "redirect_uri" not in query:
            return web.Response(status=400, text="scope or redirect_uri is missing")
        if self.redirect_uris and query["redirect_uri"] not in self.redirect_uris:
            return web.Response(status=400, text="redirect_uri is not registered")
        code = self.login_code(self.signed_in)
        if "corpid" in query["scope"].split():
            self._told_company.add(code)
        back = {"authCode": code, "state": query.get("state", "")}
        joint = "&" if "?" in query["redirect_uri"] else "?"
        return web.Response(
            status=302, headers={"Location": f"{query['redirect_uri']}{joint}{urlencode(back)}"}
        )

    async def _user_token(self, _request: web.Request, body: Any) -> dict[str, Any]:
        if (body["clientId"], body["clientSecret"]) != (self._world.client_id, self._secret):
            raise Refused("invalidClientIdOrSecret")
        if body["grantType"] != "authorization_code":
            raise Refused("invalidParameter.grantType")
        user_id, told_company = self._coded(body["code"]), body["code"] in self._told_company
        if user_id not in self._world.people:
            raise Refused("invalidParameter.authCode.notFound")
        token = secrets.token_hex(16)
        self._user_tokens[token] = (user_id, self._world.clock.now() + VALID_FOR)
        return {
            "accessToken": token,
            "refreshToken": secrets.token_hex(16),
            "expireIn": 7200,
            **({"corpId": self._world.corp_id} if told_company else {}),
        }

    async def _me(self, request: web.Request, _body: Any) -> dict[str, Any]:
        user_id, until = self._user_tokens.get(request.headers.get(HEADER, ""), _NOBODY)
        person = self._world.people.get(user_id)
        if person is None or self._world.clock.now() >= until:
            raise Refused(TOKEN, "不合法的access_token")
        return {
            "nick": person.name,
            "avatarUrl": "",
            "openId": f"open-{person.user_id}",
            "unionId": person.union_id,
        }

    def _coded(self, code: str) -> str:
        """Whose code it is, which is then used up; empty for nobody's."""
        user_id, until = self._codes.pop(code, _NOBODY)
        return user_id if self._world.clock.now() < until else ""

    def _known(self, user_id: str, code: int = 60121) -> Person:
        person = self._world.people.get(user_id)
        if person is None or not person.in_org:
            raise RefusedLegacy(code, "找不到该用户")
        return person

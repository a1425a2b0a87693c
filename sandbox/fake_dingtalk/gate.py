"""The gate in front of every API: faults, tokens, 20 calls a second, the month's quota, and the log of requests."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from sandbox.fake_dingtalk.refusals import QPS, QUOTA, TOKEN, TOKEN_LEGACY, Refused, RefusedLegacy
from sandbox.fake_dingtalk.world import Request, World

VALID_FOR = timedelta(seconds=7200)
HEADER = "x-acs-dingtalk-access-token"

Call = Callable[[web.Request, Any], Awaitable[dict[str, Any]]]
"""An API without its gate: the request and its decoded body become the answer."""


class Tokens:
    """The application's access token: the same one while it is valid, and each fetch extends it."""

    def __init__(self, world: World, secret: str) -> None:
        self._world = world
        self._secret = secret
        self._token = ""
        self._until: datetime | None = None
        self.fetched = 0

    def fetch(self, key: str, secret: str) -> str:
        if (key, secret) != (self._world.client_id, self._secret):
            raise Refused("invalidClientIdOrSecret", "无效的clientId或者clientSecret")
        self.fetched += 1
        if not self.valid(self._token):
            self._token = secrets.token_hex(16)
        self._until = self._world.clock.now() + VALID_FOR
        return self._token

    def valid(self, token: str) -> bool:
        return (
            bool(token)
            and token == self._token
            and self._until is not None
            and (self._world.clock.now() < self._until)
        )

    def check(self, token: str) -> None:
        if not self.valid(token):
            raise Refused(TOKEN, "不合法的access_token")

    def check_legacy(self, token: str) -> None:
        if not self.valid(token):
            raise RefusedLegacy(TOKEN_LEGACY, "不合法的access_token")

    def expire(self) -> None:
        """The platform gives the token up before its time."""
        self._until = None


class Gate:
    """Wraps calls into aiohttp handlers. `metered` calls count towards 20 a second and the month."""

    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world = world
        self._tokens = tokens
        self._recent: dict[str, deque[float]] = {}

    def new(self, call: Call, *, metered: bool = True, token: bool = True) -> Callable[..., Any]:
        """An API of api.dingtalk.com."""

        async def handler(request: web.Request) -> web.StreamResponse:
            api = f"{request.method} {request.path}"
            body: Any = None
            try:
                body = await _json_body(request)
                await self._before(api)
                if token:
                    self._tokens.check(request.headers.get(HEADER, ""))
                if metered:
                    self._meter(api)
                answer = await call(request, body)
            except Refused as refused:
                return self._answer(request, api, body, refused.body(), refused.status, refused.code)
            except (KeyError, TypeError, AttributeError) as error:
                lacking = Refused("param.error", f"{type(error).__name__}: {error}")
                return self._answer(request, api, body, lacking.body(), 400, lacking.code)
            return self._answer(request, api, body, answer, 200, "")

        return handler

    def legacy(self, call: Call, *, token: bool = True) -> Callable[..., Any]:
        """An API of oapi.dingtalk.com. None of those here counts towards the quota."""

        async def handler(request: web.Request) -> web.StreamResponse:
            api = f"{request.method} {request.path}"
            body: Any = None
            try:
                if request.content_type != "multipart/form-data":
                    body = await _json_body(request)
                await self._before(api)
                if token:
                    self._tokens.check_legacy(request.query.get("access_token", ""))
                answer = await call(request, body)
            except RefusedLegacy as refused:
                return self._answer(request, api, body, refused.body(), 200, str(refused.errcode))
            except Refused as refused:
                return self._legacy_fault(request, api, body, refused)
            except (KeyError, TypeError, AttributeError) as error:
                lacking = RefusedLegacy(400002, f"{type(error).__name__}: {error}")
                return self._answer(request, api, body, lacking.body(), 200, "400002")
            return self._answer(request, api, body, answer, 200, "")

        return handler

    def _legacy_fault(
        self, request: web.Request, api: str, body: Any, refused: Refused
    ) -> web.StreamResponse:
        if refused.code.lstrip("-").isdecimal():
            said = RefusedLegacy(int(refused.code)).body()
            return self._answer(request, api, body, said, refused.status, refused.code)
        return self._answer(request, api, body, refused.body(), refused.status, refused.code)

    async def _before(self, api: str) -> None:
        faults = self._world.faults
        if faults.slow:
            await asyncio.sleep(faults.slow)
        queue = faults.refuse.get(api)
        if queue:
            status, code = queue.popleft()
            raise Refused(code, status=status)

    def _meter(self, api: str) -> None:
        limits = self._world.limits
        if limits.qps is not None:
            now = time.monotonic()
            recent = self._recent.setdefault(api, deque())
            while recent and now - recent[0] >= 1.0:
                recent.popleft()
            if len(recent) >= limits.qps:
                raise Refused(QPS, "请求被限流", status=403)
            recent.append(now)
        if not self._world.spend("calls", limits.monthly_calls):
            raise Refused(QUOTA, "本月调用量已用完", status=403)
        self._world.calls[api] += 1

    def _answer(
        self, request: web.Request, api: str, body: Any, answer: Any, status: int, code: str
    ) -> web.StreamResponse:
        self._world.requests.append(Request(api, body, status, code))
        if self._world.faults.drop:
            self._world.faults.drop -= 1
            if request.transport is not None:
                request.transport.abort()
        return web.Response(
            text=json.dumps(answer, ensure_ascii=False), status=status, content_type="application/json"
        )


async def _json_body(request: web.Request) -> Any:
    raw = await request.read()
    if not raw:
        return {}
    try:
        return json.loads(raw)
    except ValueError:
        raise Refused("invalidParameter.body", "the body is not JSON") from None

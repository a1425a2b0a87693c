"""The gate before every API: faults, tokens, 20 calls a second, the month's quota, and the log of requests."""

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

from sandbox.fake_dingtalk.refusals import (
    QPS,
    QPS_LEGACY,
    QUOTA,
    QUOTA_LEGACY,
    TOKEN,
    TOKEN_EXPIRED_LEGACY,
    TOKEN_LEGACY,
    Refused,
    RefusedLegacy,
)
from sandbox.fake_dingtalk.world import CallFault, Request, World

VALID_FOR = timedelta(seconds=7200)
HEADER = "x-acs-dingtalk-access-token"
SECOND = 1.0
"""What the limit of each API counts within."""

Call = Callable[[web.Request, Any], Awaitable[dict[str, Any]]]
"""An API without its gate: the request and its decoded body become the answer."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Tokens:
    """The application's access token: the same one while it is valid, and each fetch extends it."""

    def __init__(self, world: World, secret: str) -> None:
        self._world = world
        self._secret = secret
        self._token = ""
        self._until: datetime | None = None
        self._spent: set[str] = set()
        self.fetched = 0

    def fetch(self, key: str, secret: str) -> str:
        if (key, secret) != (self._world.client_id, self._secret):
            raise Refused("invalidClientIdOrSecret", "无效的clientId或者clientSecret")
        self.fetched += 1
        if not self.valid(self._token):
            self._spent.add(self._token)
            self._token = secrets.token_hex(16)
        self._until = self._world.clock.now() + VALID_FOR
        return self._token

    def valid(self, token: str) -> bool:
        now = self._world.clock.now()
        return bool(token) and token == self._token and self._until is not None and now < self._until

    def check(self, token: str) -> None:
        if not self.valid(token):
            raise Refused(TOKEN, "不合法的access_token")

    def check_legacy(self, token: str) -> None:
        if not self.valid(token):
            known = bool(token) and (token in self._spent or token == self._token)
            raise RefusedLegacy(TOKEN_EXPIRED_LEGACY if known else TOKEN_LEGACY, "不合法的access_token")

    def expire(self) -> None:
        """The platform gives the token up before its time."""
        self._until = None


class Gate:
    """Wraps calls into aiohttp handlers.

    Whatever needs a token may be called so often a second; `metered` calls count towards the month.
    """

    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world = world
        self._tokens = tokens
        self._recent: dict[str, deque[float]] = {}

    def new(self, call: Call, *, metered: bool = True, token: bool = True) -> Handler:
        """An API of api.dingtalk.com."""

        async def handler(request: web.Request) -> web.StreamResponse:
            fault, body = self._world.faults.call(request.path), None
            try:
                body = await _json_body(request)
                await _go_wrong(fault)
                if token:
                    self._admit(request)
                if metered:
                    self._spend(request)
                answer = await call(request, body)
            except Refused as refused:
                return self._answer(request, body, refused.body(), fault, refused.status, refused.code)
            except (KeyError, TypeError, AttributeError) as error:
                lacking = Refused("param.error", f"{type(error).__name__}: {error}")
                return self._answer(request, body, lacking.body(), fault, 400, lacking.code)
            return self._answer(request, body, answer, fault)

        return handler

    def legacy(self, call: Call, *, token: bool = True, metered: bool = False) -> Handler:
        """An API of oapi.dingtalk.com. Few of those here count towards the month's calls."""

        async def handler(request: web.Request) -> web.StreamResponse:
            fault, body = self._world.faults.call(request.path), None
            try:
                if request.content_type != "multipart/form-data":
                    body = await _json_body(request)
                await _go_wrong(fault)
                if token:
                    self._admit_legacy(request)
                if metered:
                    self._spend_legacy(request)
                answer = await call(request, body)
            except RefusedLegacy as refused:
                return self._answer(request, body, refused.body(), fault, 200, str(refused.errcode))
            except Refused as refused:
                said = refused.legacy_body()
                return self._answer(request, body, said, fault, refused.status, refused.code)
            except (KeyError, TypeError, AttributeError) as error:
                lacking = RefusedLegacy(400002, f"{type(error).__name__}: {error}")
                return self._answer(request, body, lacking.body(), fault, 200, "400002")
            return self._answer(request, body, answer, fault)

        return handler

    def _admit(self, request: web.Request) -> None:
        self._tokens.check(request.headers.get(HEADER, ""))
        if not self._in_time(request):
            raise Refused(QPS, "请求被限流", status=403)

    def _admit_legacy(self, request: web.Request) -> None:
        self._tokens.check_legacy(request.query.get("access_token", ""))
        if not self._in_time(request):
            raise RefusedLegacy(88, "请求被限流", sub_code=QPS_LEGACY)

    def _spend(self, request: web.Request) -> None:
        if not self._world.spend_call(_api(request)):
            raise Refused(QUOTA, "本月调用量已用完", status=403)

    def _spend_legacy(self, request: web.Request) -> None:
        if not self._world.spend_call(_api(request)):
            raise RefusedLegacy(QUOTA_LEGACY, "本月调用量已用完")

    def _in_time(self, request: web.Request) -> bool:
        """Whether this API is called no more often than it may be in a second."""
        qps = self._world.limits.qps
        if qps is None:
            return True
        now = time.monotonic()
        recent = self._recent.setdefault(_api(request), deque())
        while recent and now - recent[0] >= SECOND:
            recent.popleft()
        if len(recent) >= qps:
            return False
        recent.append(now)
        return True

    def _answer(
        self,
        request: web.Request,
        body: Any,
        answer: Any,
        fault: CallFault | None,
        status: int = 200,
        code: str = "",
    ) -> web.StreamResponse:
        self._world.requests.append(Request(request.method, request.path, body, status, code))
        if fault is not None and fault.drop and request.transport is not None:
            request.transport.abort()
        return web.json_response(answer, status=status)


def _api(request: web.Request) -> str:
    return f"{request.method} {request.path}"


async def _go_wrong(fault: CallFault | None) -> None:
    if fault is None:
        return
    if fault.slow:
        await asyncio.sleep(fault.slow)
    if fault.status:
        raise Refused(fault.code, status=fault.status)


async def _json_body(request: web.Request) -> Any:
    raw = await request.read()
    if not raw:
        return {}
    try:
        return json.loads(raw)
    except ValueError:
        raise Refused("invalidParameter.body", "the body is not JSON") from None

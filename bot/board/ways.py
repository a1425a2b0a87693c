"""Signing in by the platforms themselves: each sends the browser back with a code that tells who is in front of it.

The way there and the way back belong together by a `state` that only this browser has, in a cookie for ten minutes:
without it somebody could be signed in as another by a link that he is made to open.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol
from urllib.parse import quote, unquote

import structlog
from aiohttp import web

from bot.board.doors import ASK, Doors
from bot.board.guests import go_to, let_in, own_path
from bot.clock import Clock
from chat.errors import DeliveryFailed
from chat.events import Account
from okr.policy import Policy
from storage import board_sessions, people
from storage.board_sessions import Way
from storage.database import Database
from storage.session import Session

log = structlog.get_logger(__name__)

STATE = "okrbot_state"
_STATE_HOLDS = 600
_STATE_PATH = "/board/in"


class SignIn(Protocol):
    """One platform's. `elsewhere`: whether it works outside the platform's own app, too."""

    way: Way
    label: str
    elsewhere: bool

    def inside(self, agent: str) -> bool:
        """Whether a browser that says this of itself is the platform's own."""

    def address(self, back: str, state: str) -> str:
        """Where the browser is sent; it comes to `back` with a code and the same `state`."""

    def code_of(self, query: Mapping[str, str]) -> str: ...

    async def who(self, code: str) -> Account | None:
        """Whose code it is; None for who is not of the company. Raises DeliveryFailed for a wrong or used one."""

    async def close(self) -> None: ...


class Ways:
    def __init__(
        self,
        database: Database,
        doors: Doors,
        ways: Sequence[SignIn],
        policy: Callable[[], Policy],
        clock: Clock,
    ) -> None:
        self._database = database
        self._doors = doors
        self._ways = {str(way.way): way for way in ways}
        self._policy = policy
        self._now = clock

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/board/in/{way:dingtalk|wecom}", self._leave, allow_head=False),
            web.get("/board/in/{way:dingtalk|wecom}/back", self._return, allow_head=False),
        ]

    async def close(self) -> None:
        for way in self._ways.values():
            await way.close()

    def not_in(self, request: web.Request) -> web.Response:
        """Inside a platform's app its own way is taken at once; elsewhere it is offered."""
        agent = request.headers.get("User-Agent", "")
        here = own_path(str(request.rel_url))
        for way in self._ways.values():
            if way.inside(agent) and request.method == "GET" and self._policy().board:
                return go_to(_leaving(way, here))
        offered = [way for way in self._ways.values() if way.elsewhere and self._policy().board]
        return self._doors.not_in(tuple((way.label, _leaving(way, here)) for way in offered))

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        """`?to=/board/…`"""
        way, board = self._ways.get(request.match_info["way"]), self._policy().board
        if way is None or not board:
            raise web.HTTPNotFound
        if not way.elsewhere and not way.inside(request.headers.get("User-Agent", "")):
            return self._doors.shut("在企业微信里打开", "这种登录只在企业微信的手机端或电脑端里能用。", ASK)
        state = secrets.token_hex(16)
        back = f"{board}/board/in/{way.way}/back"
        response = web.Response(status=302, headers={"Location": way.address(back, state)})
        response.set_cookie(
            STATE,
            state + quote(own_path(request.query.get("to", "")), safe=""),
            max_age=_STATE_HOLDS,
            path=_STATE_PATH,
            httponly=True,
            samesite="Lax",
            secure=self._doors.secure,
        )
        return response

    async def _return(self, request: web.Request) -> web.StreamResponse:
        way = self._ways.get(request.match_info["way"])
        if way is None:
            raise web.HTTPNotFound
        kept = request.cookies.get(STATE, "")
        state, page = kept[:32], own_path(unquote(kept[32:]))
        given = request.query.get("state", "")
        if len(state) != 32 or not hmac.compare_digest(state.encode(), given.encode()):
            return self._failed("登录没接上", "登录的来回对不上,可能隔得太久了。再来一次就好。")
        code = way.code_of(request.query)[:512]
        try:
            account = await way.who(code) if code else None
        except DeliveryFailed as failed:
            log.warning("board_sign_in_failed", way=str(way.way), reason=failed.reason)
            return self._failed("登录没成", "平台没认这次登录,再来一次;还不行就用聊天里的链接。")
        token = await self._token(account, way.way) if account is not None else None
        if token is None:
            return self._failed(
                "没认出你是谁",
                "这个账号不在公司的名单里。是同事的话,给 OKR助手 发「绑定 工号」。",
                status=403,
            )
        response = go_to(page)
        let_in(response, token, secure=self._doors.secure)
        response.del_cookie(STATE, path=_STATE_PATH)
        return response

    def _failed(self, heading: str, line: str, *, status: int = 401) -> web.Response:
        response = self._doors.shut(heading, line, ASK, status=status)
        response.del_cookie(STATE, path=_STATE_PATH)
        return response

    async def _token(self, account: Account, way: Way) -> str | None:
        now = self._now()

        async def enter(session: Session) -> str | None:
            known = await people.by_account(session, account)
            if known is None:
                return None
            return await board_sessions.open_session(session, known.person.id, account, way, now)

        return await self._database.transact(enter)


def _leaving(way: SignIn, page: str) -> str:
    return f"/board/in/{way.way}?to={quote(page, safe='/')}"

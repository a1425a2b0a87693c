"""The board's pages: each is read for who is signed in, as it may be seen by him now."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog
from aiohttp import web

from bot.board.doors import Doors
from bot.board.guests import cookie_of, csrf_of, html
from bot.board.seat import looking
from bot.board.ways import Ways
from bot.clock import Clock
from cards import notices
from cards.board.html import Frame, Page, Reply, page_html
from handlers.asking import Asking
from handlers.board.pages import page_at
from handlers.board.paths import NoSuchPage
from handlers.examples import made_up
from okr.moments import say_moment
from okr.people import Person
from okr.policy import Policy
from okr.refusals import NoSuchPerson, Refusal
from storage import board_changes, board_sessions, letters
from storage.board_sessions import Guest
from storage.database import Database
from storage.session import Session

log = structlog.get_logger(__name__)

_NOTED = frozenset({"people", "goal"})
"""Pages whose reading is told to whom they are about (看过的记录): there looking writes that."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What came of looking: the page and the state it is of, or why there is none."""

    page: Page | None = None
    reply: Reply | None = None
    refusal: Refusal | None = None
    version: str = ""


class Pages:
    def __init__(
        self, database: Database, doors: Doors, ways: Ways, policy: Callable[[], Policy], clock: Clock
    ) -> None:
        self._database = database
        self._doors = doors
        self._ways = ways
        self._policy = policy
        self._now = clock

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/board", self._show), web.get("/board/{tail:.*}", self._show)]

    async def guest(self, request: web.Request) -> Guest | None:
        """Who is signed in on this browser; the first time its link is used up by that."""
        token, now = cookie_of(request), self._now()
        if not token:
            return None
        guest = await self._database.read(lambda session: board_sessions.who(session, token, now))
        if guest is None or guest.came_back:
            return guest
        first = await self._database.transact(lambda session: board_sessions.come_back(session, guest, now))
        return guest if first else None

    async def own_card(self, person: Person, ref: str) -> str:
        """The reference of a card that somebody was answered with; empty where it is another's or a group's."""
        shown = await self._database.read(lambda session: letters.by_ref(session, ref)) if ref else None
        return ref if shown is not None and shown.employee_id == person.id else ""

    async def _show(self, request: web.Request) -> web.StreamResponse:
        guest = await self.guest(request)
        if guest is None:
            return self._ways.not_in(request)
        parts = [part for part in request.match_info.get("tail", "").split("/") if part]
        wall = "wall" in request.query

        async def look(session: Session) -> _Seen:
            return await self._look(session, request, guest.person, parts)

        noted = bool(parts) and parts[0] in _NOTED
        try:
            seen = await (self._database.transact(look) if noted else self._database.read(look))
        except NoSuchPage:
            return self._sorry(request, guest.person, "没有这一页", "可能地址抄漏了几个字。", status=404)
        if seen.refusal is not None:
            return self._refused(request, guest.person, seen.refusal)
        assert seen.page is not None
        frame = replace(self._frame(request, guest.person), reply=seen.reply, wall=wall, version=seen.version)
        return html(await asyncio.to_thread(page_html, seen.page, frame))

    async def _look(self, session: Session, request: web.Request, person: Person, parts: list[str]) -> _Seen:
        policy, now = self._policy(), self._now()
        wall = "wall" in request.query
        asking = Asking(looking(person, now, wall=wall), person, session, policy, now.astimezone(policy.zone))
        try:
            page = await page_at(asking, parts, request.query)
        except Refusal as refusal:
            return _Seen(refusal=refusal)
        return _Seen(
            page, await self._reply(session, request, person), version=await board_changes.version(session)
        )

    async def _reply(self, session: Session, request: web.Request, person: Person) -> Reply | None:
        """What came of what was done last: its own card, and nobody else's."""
        ref = request.query.get("answer", "")
        shown = await letters.by_ref(session, ref) if ref else None
        if shown is None or shown.employee_id != person.id:
            return None
        about = shown.card.about
        undo = f"撤销 {about}" if request.query.get("undo") and about.startswith("KR") else ""
        return Reply(shown.card, shown.ref, "" if shown.card.asks or shown.card.awaits else undo)

    def _frame(self, request: web.Request, person: Person) -> Frame:
        token, policy, now = cookie_of(request), self._policy(), self._now()
        query = request.rel_url.query
        kept = {name: value for name, value in query.items() if name not in ("answer", "undo")}
        return replace(
            self._doors.frame(),
            name=person.name,
            number=person.number,
            csrf=csrf_of(token),
            once=secrets.token_urlsafe(9),
            path=str(request.rel_url.with_query(kept)),
            when=f"{say_moment(now, now, policy.zone)} 看到的",
        )

    def _refused(self, request: web.Request, person: Person, refusal: Refusal) -> web.Response:
        eg = made_up(self._now().astimezone(self._policy().zone).date())
        face = notices.refusal(refusal.code, mine=eg.kr, eg=eg, **refusal.facts).face
        status = 404 if isinstance(refusal, NoSuchPerson) else 403
        log.info("board_refused", reason=str(refusal), asker=person.id)
        return self._sorry(request, person, face.title, *face.lines, status=status)

    def _sorry(
        self, request: web.Request, person: Person, heading: str, *lines: str, status: int
    ) -> web.Response:
        return self._doors.sorry(self._frame(request, person), heading, *lines, status=status)

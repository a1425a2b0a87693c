"""From the make-believe office to the board: whoever one plays walks in by a one-time link, as from the chat."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from chat.events import Account, PlatformName
from handlers.board.link import HOME
from sandbox.cast import CastMember
from sandbox.office import DINGTALK, WECOM, Office, account
from storage import board_sessions, people
from storage.database import Database
from storage.session import Session

WAIT = Path(__file__).parent / "page" / "wait.html"
LOOK_AGAIN = "1"
"""Seconds after which the page that asks to wait tries again."""


class BoardDoor:
    """`is_open`: while the company still lives through its first day, a link would be too old before it is followed."""

    def __init__(self, office: Office, database: Database, *, is_open: bool = True) -> None:
        self._office = office
        self._database = database
        self.is_open = is_open

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/sandbox/board", self._open)]

    async def _open(self, request: web.Request) -> web.Response:
        """`?me=E0102` → the board, signed in as that person; before it is open a page that comes back by itself."""
        asked = request.query.get("me")
        member = next((one for one in self._office.cast if one.number == asked), None)
        if member is None:
            raise web.HTTPNotFound
        if not self.is_open:
            return web.Response(
                text=WAIT.read_text(encoding="utf-8"),
                content_type="text/html",
                headers={"Refresh": LOOK_AGAIN, "Cache-Control": "no-store"},
            )
        token = await self._database.transact(lambda session: self._link(session, member))
        return web.Response(status=303, headers={"Location": f"{HOME}/in/{token}" if token else HOME})

    async def _link(self, session: Session, member: CastMember) -> str:
        """Empty for who is no employee: the board asks the stranger who it is."""
        person = await people.by_number(session, member.number)
        for platform in (DINGTALK, WECOM):
            user = account(member, platform)
            if person is not None and user:
                vouching = Account(PlatformName(platform), user)
                return await board_sessions.make_link(
                    session, person.id, vouching, HOME, self._office.clock.now()
                )
        return ""

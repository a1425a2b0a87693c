"""Pictures and files of an answer that was given at the board: for whom it was given, and for nobody else."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from bot.board.guests import HEADERS
from bot.board.pages import Pages
from chat.files import PNG, Files
from storage import letters
from storage.database import Database


class Enclosures:
    def __init__(self, database: Database, pages: Pages, files: Files) -> None:
        self._database = database
        self._pages = pages
        self._files = files

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/board/kept/{answer}/{ref}", self._fetch)]

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        guest = await self._pages.guest(request)
        answer, ref = request.match_info["answer"], request.match_info["ref"]
        shown = await self._database.read(lambda session: letters.by_ref(session, answer))
        if guest is None or shown is None or shown.employee_id != guest.person.id:
            raise web.HTTPNotFound
        if ref not in (shown.card.picture, shown.card.file, *shown.card.enclosed):
            raise web.HTTPNotFound
        file = await self._files.outgoing(ref)
        if file is None:
            raise web.HTTPNotFound
        way = "inline" if file.media_type == PNG else "attachment"
        headers = {
            **HEADERS,
            "Cache-Control": "private, max-age=86400",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Type": file.media_type,
            "Content-Disposition": f"{way}; filename*=UTF-8''{quote(file.name, safe='')}",
        }
        return web.Response(body=file.content, headers=headers)

"""`/board/live`: tells a page that what it shows has changed (server-sent events), so that it looks again.

An event says that something is new and not what: the page asks for itself again and sees what its reader may see. Its
id names the state, so that who comes back after a break (`Last-Event-ID`) is told at once if anything happened.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable

from aiohttp import web

from bot.board.feed import Feed, Viewer
from bot.board.guests import HEADERS
from bot.board.pages import Pages
from bot.board.seat import looking
from bot.clock import Clock
from handlers.asking import Asking
from handlers.board.watching import MOST, may_watch
from okr.people import Person
from okr.policy import Policy
from storage.database import Database

MOST_VIEWERS = 300
"""Open streams of one process."""
MOST_OF_ONE = 8
BEAT = 20.0
"""Seconds after which a silent stream says that it lives, for the proxies on the way."""
LOOK = 1.0
"""Seconds after which it is noticed that nobody listens any more: a closed page must not count."""
LIFE = 600.0
"""Seconds of one stream: then it begins anew, and who has left meanwhile is not let in."""
RETRY = 3000
"""Milliseconds after which a browser tries again."""
LATER = "30"


class Live:
    def __init__(
        self, database: Database, feed: Feed, pages: Pages, policy: Callable[[], Policy], clock: Clock
    ) -> None:
        self._database = database
        self._feed = feed
        self._pages = pages
        self._policy = policy
        self._now = clock
        self._of_one: defaultdict[int, list[web.Request]] = defaultdict(list)
        self._closing = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/board/live", self._stream)]

    def close(self) -> None:
        """Let every stream end; the feed's last news wakes them."""
        self._closing.set()

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """`?watch=12,34,-2&last=…`"""
        guest = await self._pages.guest(request)
        if guest is None:
            return web.Response(status=401, headers=HEADERS)
        me = guest.person.id
        # Who goes from page to page leaves streams behind that have not noticed it yet: they must not keep him out.
        listening = sum(_listens(other) for other in self._of_one[me])
        if self._feed.viewers >= MOST_VIEWERS or listening >= MOST_OF_ONE or self._closing.is_set():
            return web.Response(status=503, headers={**HEADERS, "Retry-After": LATER})
        self._of_one[me].append(request)
        try:
            watched = await self._watched(guest.person, request.query.get("watch", ""))
            async with self._feed.viewed(watched) as viewer:
                return await self._tell(request, viewer)
        finally:
            self._of_one[me].remove(request)
            if not self._of_one[me]:
                del self._of_one[me]

    async def _watched(self, person: Person, asked: str) -> frozenset[int]:
        wanted = {
            int(part)
            for part in asked.split(",")[: MOST * 2]
            if part.removeprefix("-").isdecimal() and len(part) < 12
        }
        policy, now = self._policy(), self._now()
        return await self._database.read(
            lambda session: may_watch(
                Asking(looking(person, now), person, session, policy, now.astimezone(policy.zone)), wanted
            )
        )

    async def _tell(self, request: web.Request, viewer: Viewer) -> web.StreamResponse:
        headers = {**HEADERS, "Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
        stream = web.StreamResponse(headers=headers)
        await stream.prepare(request)
        seen = request.headers.get("Last-Event-ID") or request.query.get("last", "")
        try:
            await stream.write(f"retry: {RETRY}\n\n".encode())
            if seen and seen != self._feed.version:
                viewer.news.set()
            async with asyncio.timeout(LIFE):
                while not self._closing.is_set():
                    if await _comes(request, viewer.news):
                        viewer.news.clear()  # what happens while this is written is the next one's
                        await stream.write(f"id: {self._feed.version}\nevent: changed\ndata: 1\n\n".encode())
                    else:
                        await stream.write(b":\n\n")
        except (TimeoutError, ConnectionError):
            pass
        return stream


def _listens(request: web.Request) -> bool:
    return request.transport is not None and not request.transport.is_closing()


async def _comes(request: web.Request, news: asyncio.Event) -> bool:
    """Whether there is news before the stream has to say that it lives. Raises ConnectionError where nobody listens."""
    for _ in range(round(BEAT / LOOK)):
        if not _listens(request):
            raise ConnectionError
        try:
            async with asyncio.timeout(LOOK):
                await news.wait()
        except TimeoutError:
            continue
        return True
    return False

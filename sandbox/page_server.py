"""The web page of the make-believe office: its files, what people do on it, and a stream of what happens.

The stream opens with the whole state of one person's phones; after that come only changes, in their order.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.activity import Line
from sandbox.cast import CastMember
from sandbox.office import Chat, Office
from sandbox.page_requests import Wrong, asked_of, utterance, wanted_moment, words
from sandbox.page_shapes import bubble_shape, line_shape, moment, whole_state
from sandbox.transcript import BOT, Bubble
from sandbox.uploads import picture_type

PAGE = Path(__file__).parent / "page"
LOOK_AT_CLOCK = 0.5
"""Real seconds between two looks whether somebody has wound the clock."""
WOUND = 1.0
"""Seconds by which it must have got away from this process's own to have been wound."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_FILE_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def page_routes(office: Office) -> list[web.RouteDef]:
    """Routes to mount on an application: the page at `/`, everything else under `/sandbox/`."""
    return Page(office).routes()


class Page:
    def __init__(self, office: Office) -> None:
        self._office = office
        self._closing = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", _index),
            web.get("/sandbox/page/{name}", _file),
            web.get("/sandbox/media/{platform}/{id}", self._media),
            web.get("/sandbox/state", _told(self._state)),
            web.post("/sandbox/say", _told(self._say)),
            web.post("/sandbox/press", _told(self._press)),
            web.post("/sandbox/open", _told(self._open)),
            web.post("/sandbox/clock", _told(self._clock)),
            web.get("/sandbox/events", _told(self._events)),
        ]

    async def close(self, _app: web.Application | None = None) -> None:
        """End the open streams: an application's `on_shutdown` calls it so as not to wait for them."""
        self._closing.set()

    async def _media(self, request: web.Request) -> web.Response:
        """A picture or file that the bot has uploaded: pictures are shown, everything else is downloaded."""
        upload = self._office.upload(request.match_info["platform"], request.match_info["id"])
        if upload is None:
            raise web.HTTPNotFound
        way = "inline" if picture_type(upload.content) else "attachment"
        headers = {
            **_HEADERS,
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Type": upload.media_type,
            "Content-Disposition": f"{way}; filename*=UTF-8''{quote(upload.name, safe='')}",
        }
        return web.Response(body=upload.content, headers=headers)

    # --- what people do -------------------------------------------------------------------------

    async def _state(self, request: web.Request) -> web.Response:
        """`?me=E0102`"""
        return _json(whole_state(self._office, self._person(request.query.get("me"))))

    async def _say(self, request: web.Request) -> web.Response:
        """`{me, platform, chat, text, kind?, mentions?: [user id], at_bot?, quotes?: bubble id}`

        A file's name is its text, its `content` is base64.
        """
        asked = await asked_of(request)
        me, chat = self._seat(asked)
        said = utterance(asked, chat)
        bubble = await self._office.say(me, chat, said)
        return _json({"bubble": bubble_shape(self._office, chat, bubble, me)})

    async def _press(self, request: web.Request) -> web.Response:
        """`{me, platform, chat, bubble, label}` → `{acked, updated, seconds}`"""
        asked = await asked_of(request)
        me, chat = self._seat(asked)
        try:
            pressed = await self._office.press(me, chat, words(asked, "bubble"), words(asked, "label"))
        except KeyError:
            raise Wrong("这个按钮已经不在了。", 404) from None
        return _json({"acked": pressed.acked, "updated": pressed.updated, "seconds": pressed.seconds})

    async def _open(self, request: web.Request) -> web.Response:
        """`{me, platform, chat}`"""
        me, chat = self._seat(await asked_of(request))
        await self._office.open(me, chat)
        return _json({})

    async def _clock(self, request: web.Request) -> web.Response:
        """`{to: ISO 8601 with an offset}`, `{to: "now"}` or `{by: seconds}` → `{now}`"""
        await self._office.wind_to(wanted_moment(await asked_of(request), self._office.clock.now()))
        return _json({"now": moment(self._office.clock.now())})

    def _person(self, number: object) -> CastMember:
        for person in self._office.cast:
            if person.number == number:
                return person
        raise Wrong("这里没有这个人。", 404)

    def _seat(self, asked: dict[str, Any]) -> tuple[CastMember, Chat]:
        """Who does it, and in which of their own chats."""
        me = self._person(asked.get("me"))
        for chat in self._office.chats(me):
            if (chat.platform, chat.id) == (asked.get("platform"), asked.get("chat")):
                return me, chat
        raise Wrong(f"{me.name}不在这个会话里。", 403)

    # --- what happens ---------------------------------------------------------------------------

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """`?me=E0102`: `state`, then `bubble` · `stir` (others have news: `{people}`) · `line` · `clock`."""
        me = self._person(request.query.get("me"))
        stream = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        await stream.prepare(request)
        happened: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        stop = self._listen(me, happened)
        try:
            wound = self._wound_by()
            await _send(stream, "state", whole_state(self._office, me))
            await self._follow(stream, happened, wound)
        except ConnectionError:
            pass
        finally:
            for listening in stop:
                listening()
        return stream

    def _listen(self, me: CastMember, happened: asyncio.Queue[tuple[str, Any]]) -> list[Callable[[], None]]:
        def on_bubble(bubble: Bubble) -> None:
            for event in self._news(me, bubble):
                happened.put_nowait(event)

        def on_line(line: Line) -> None:
            happened.put_nowait(("line", line_shape(line)))

        stops = [transcript.listen(on_bubble) for transcript in self._office.transcripts.values()]
        return [*stops, self._office.activity.listen(on_line)]

    async def _follow(
        self, stream: web.StreamResponse, happened: asyncio.Queue[tuple[str, Any]], wound: float
    ) -> None:
        """Send what happens, and the clock whenever it does not run as a clock runs by itself."""
        while not self._closing.is_set():
            try:
                event = await asyncio.wait_for(happened.get(), LOOK_AT_CLOCK)
            except TimeoutError:
                await stream.write(b":\n\n")
            else:
                await _send(stream, *event)
            if abs(self._wound_by() - wound) > WOUND:
                wound = self._wound_by()
                await _send(stream, "clock", {"now": moment(self._office.clock.now())})

    def _wound_by(self) -> float:
        """Seconds between the office's clock and this process's own: they change when it is wound."""
        return self._office.clock.now().timestamp() - asyncio.get_running_loop().time()

    def _news(self, me: CastMember, bubble: Bubble) -> list[tuple[str, Any]]:
        """The bubble, if this person sees it; and who else of the cast has something new from the bot."""
        news: list[tuple[str, Any]] = []
        others = []
        for person in self._office.cast:
            for chat in self._office.chats(person):
                if (chat.platform, chat.id) != (bubble.platform, bubble.conversation_id):
                    continue
                if person is me:
                    news.append(("bubble", bubble_shape(self._office, chat, bubble, me)))
                elif bubble.author == BOT:
                    others.append(person.number)
        return [*news, ("stir", {"people": others})] if others else news


def _told(handle: Handler) -> Handler:
    """What the visitor did wrong becomes words."""

    async def handler(request: web.Request) -> web.StreamResponse:
        try:
            return await handle(request)
        except Wrong as wrong:
            return _json({"error": str(wrong)}, wrong.status)

    return handler


async def _index(_request: web.Request) -> web.StreamResponse:
    headers = {**_HEADERS, "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": _POLICY}
    return web.FileResponse(PAGE / "index.html", headers=headers)


async def _file(request: web.Request) -> web.StreamResponse:
    path = PAGE / request.match_info["name"]
    if path.parent != PAGE or path.suffix not in _FILE_KINDS or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(
        path, headers={**_HEADERS, "Content-Type": f"{_FILE_KINDS[path.suffix]}; charset=utf-8"}
    )


async def _send(stream: web.StreamResponse, event: str, told: Any) -> None:
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    await stream.write(f"event: {event}\ndata: {text}\n\n".encode())


def _json(told: Any, status: int = 200) -> web.Response:
    return web.json_response(
        told, status=status, headers=_HEADERS, dumps=lambda value: json.dumps(value, ensure_ascii=False)
    )

"""The pictures and files that cards refer to: drawn, given to the platforms, and fetched from our own server.

An address is signed with the file's own key and holds for a while; whoever has it needs no other right, as with the
message it stands in. Before one is given to anybody it is tried from here: a proxy that does not pass it on would leave
a torn picture in a chat. See docs/decisions/0009-pictures.md.
"""

from __future__ import annotations

import asyncio
import hmac
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

import aiohttp
import structlog
from aiohttp import web

from bot.clock import Clock
from bot.draughtsman import Draughtsman
from bot.table_writer import TableWriter
from chat.files import PNG, SVG, TABLE, Outgoing
from storage import files
from storage.database import Database
from storage.files import Kept

PICTURES_HOLD = timedelta(days=7)
"""So long people scroll back to a picture."""
FILES_HOLD = timedelta(days=1)
REMEMBERED = 32
"""Pictures that have been drawn and are kept in memory: a platform fetches them right after they were sent."""
TRIED = 3600.0
"""Seconds for which our server is taken to be reachable from outside, once an address of it was fetched."""
TRIED_IN_VAIN = 600.0
_TRY_WITHIN = 5.0

log = structlog.get_logger(__name__)

_HEADERS = {
    "Cache-Control": "private, max-age=86400, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


class KeptFiles:
    """What the gateways get their files from. `public_url` gives our server's address, empty where it has none."""

    def __init__(self, database: Database, clock: Clock, public_url: Callable[[], str]) -> None:
        self._database = database
        self._now = clock
        self._public_url = public_url
        self._draughtsman = Draughtsman()
        self._tables = TableWriter()
        self._drawn: OrderedDict[str, bytes] = OrderedDict()
        self._trying = asyncio.Lock()
        self._tried: tuple[str, bool, float] = ("", False, 0.0)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/files/{ref}", self._fetch)]

    async def close(self) -> None:
        await self._draughtsman.close()

    # --- for the gateways -------------------------------------------------------------------------

    async def outgoing(self, ref: str) -> Outgoing | None:
        kept = await self._kept(ref)
        shown = None if kept is None else await self._shown(ref, kept)
        if kept is None or shown is None:
            return None
        name, media_type, content = shown
        address = self._address(ref, kept)
        return Outgoing(ref, name, media_type, content, address if await self._reachable(address) else "")

    async def uploaded(self, ref: str, channel: str) -> str:
        now = self._now()
        return await self._database.read(lambda session: files.uploaded(session, ref, channel, now))

    async def keep_upload(self, ref: str, channel: str, media_id: str, seconds: float) -> None:
        until = self._now() + timedelta(seconds=seconds)
        await self._database.transact(
            lambda session: files.keep_upload(session, ref, channel, media_id, until)
        )

    async def forget_upload(self, ref: str, channel: str) -> None:
        await self._database.transact(lambda session: files.forget_upload(session, ref, channel))

    # --- for whoever has an address ---------------------------------------------------------------

    async def _fetch(self, request: web.Request) -> web.Response:
        """`?until=…&sign=…`. What is forged, over or unknown is told alike: not found."""
        ref, until = request.match_info["ref"], request.query.get("until", "")
        kept = await self._kept(ref)
        if kept is None or not until.isdecimal() or len(until) > 12:
            raise web.HTTPNotFound
        given = request.query.get("sign", "").encode()
        if not hmac.compare_digest(given, _signature(kept.key, ref, until).encode()):
            raise web.HTTPNotFound
        if datetime.fromtimestamp(int(until), UTC) < self._now():
            raise web.HTTPNotFound
        shown = await self._shown(ref, kept)
        if shown is None:
            raise web.HTTPServiceUnavailable
        name, media_type, content = shown
        way = "inline" if media_type == PNG else "attachment"
        disposition = f"{way}; filename*=UTF-8''{quote(name, safe='')}"
        headers = {**_HEADERS, "Content-Type": media_type, "Content-Disposition": disposition}
        return web.Response(body=content, headers=headers)

    # --- what is kept -----------------------------------------------------------------------------

    async def _kept(self, ref: str) -> Kept | None:
        now = self._now()
        return await self._database.read(lambda session: files.by_ref(session, ref, now))

    async def _shown(self, ref: str, kept: Kept) -> tuple[str, str, bytes] | None:
        """Name, media type and content as they leave: a drawing as the picture of it, a packed table as the file."""
        file = kept.file
        if file.media_type not in (SVG, TABLE):
            return file.name, file.media_type, file.content
        if file.media_type == TABLE:
            media_type, made = await self._tables.written(file)
            return (file.name, media_type, made) if made else None
        picture = self._drawn.get(ref) or await self._draughtsman.png(file.content)
        if not picture:
            return None
        self._drawn[ref] = picture
        self._drawn.move_to_end(ref)
        if len(self._drawn) > REMEMBERED:
            self._drawn.popitem(last=False)
        return f"{file.name}.png", PNG, picture

    def _address(self, ref: str, kept: Kept) -> str:
        base = self._public_url().rstrip("/")
        if not base:
            return ""
        holds = PICTURES_HOLD if kept.file.media_type == SVG else FILES_HOLD
        until = str(int(min(self._now() + holds, kept.until).timestamp()))
        return f"{base}/files/{ref}?until={until}&sign={_signature(kept.key, ref, until)}"

    async def _reachable(self, address: str) -> bool:
        """Whether our server answers at its public address, as tried now and then with an address of a file."""
        if not address:
            return False
        async with self._trying:
            now, base = asyncio.get_running_loop().time(), self._public_url()
            tried, well, until = self._tried
            if tried != base or now >= until:
                well = await _fetched(address)
                self._tried = (base, well, now + (TRIED if well else TRIED_IN_VAIN))
                if not well:
                    log.warning(
                        "public_url_not_reachable",
                        public_url=base,
                        hint="/files/ must be passed on to the bot",
                    )
            return well


async def _fetched(address: str) -> bool:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(_TRY_WITHIN)) as session,
            session.head(address) as response,
        ):
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False


def _signature(key: bytes, ref: str, until: str) -> str:
    return hmac.new(key, f"{ref}\n{until}".encode(), sha256).hexdigest()

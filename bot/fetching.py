"""Files that people send: fetched by the address that the platform gives out, never more than may be read."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message as Headers
from urllib.parse import unquote

import aiohttp

from chat.events import NotFetched
from chat.files import MOST_RECEIVED

TIMEOUT = aiohttp.ClientTimeout(total=20, sock_connect=5)
AT_ONCE = 4
"""Files fetched side by side: each may take some megabytes."""
_GONE = frozenset({400, 401, 403, 404, 410})
"""How storage servers answer an address whose time is over."""
_turns = asyncio.Semaphore(AT_ONCE)


class Missed(Exception):
    """The file could not be had; `why` says how to tell it."""

    def __init__(self, why: NotFetched, reason: str = "") -> None:
        super().__init__(reason or str(why))
        self.why = why


@dataclass(frozen=True, slots=True)
class Fetched:
    """`name` as the server calls the file; empty where it does not say."""

    name: str
    content: bytes


async def fetch(address: str, *, padded_by: int = 0) -> Fetched:
    """The file behind an address. Raises Missed. `padded_by`: so many bytes more than the file has may come.

    The address is itself a secret, so that no error repeats it.
    """
    most = MOST_RECEIVED + padded_by
    try:
        async with (
            _turns,
            aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.get(address) as response,
        ):
            if response.status in _GONE:
                raise Missed(NotFetched.GONE, f"HTTP {response.status}")
            if response.status != 200:
                raise Missed(NotFetched.UNREACHABLE, f"HTTP {response.status}")
            if (response.content_length or 0) > most:
                raise Missed(NotFetched.TOO_LARGE)
            content = await _read(response.content, most)
            return Fetched(_name(response.headers.get("Content-Disposition", "")), content)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise Missed(NotFetched.UNREACHABLE, type(error).__name__) from None


async def _read(stream: aiohttp.StreamReader, most: int) -> bytes:
    parts: list[bytes] = []
    length = 0
    async for part in stream.iter_chunked(64 * 1024):
        length += len(part)
        if length > most:
            raise Missed(NotFetched.TOO_LARGE)
        parts.append(part)
    return b"".join(parts)


def _name(disposition: str) -> str:
    """The file name of a Content-Disposition, in either spelling, without any folder."""
    headers = Headers()
    headers["Content-Disposition"] = disposition or "attachment"
    named = headers.get_filename("")
    with suppress(UnicodeError):
        named = named.encode("latin-1").decode()  # a server that writes UTF-8 where only ASCII may stand
    return unquote(named).replace("\\", "/").rpartition("/")[2].strip()[:120]

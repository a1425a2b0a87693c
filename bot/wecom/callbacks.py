"""What both callback addresses do first: limits, signature, and one log line for each refusal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog
from aiohttp import web

from bot.errands import Errands
from bot.wecom.crypto import Envelope, Malformed, Refused
from chat.events import Click, Message, Opened
from chat.platform import Ears, Heard

LARGEST = 64 * 1024
"""Bytes of a callback's body."""

log = structlog.get_logger("wecom")


async def verify_address(request: web.Request, envelope: Envelope, now: datetime) -> web.Response:
    """The console's question whether the address is ours: the answer is what `echostr` hides, bare."""
    try:
        return web.Response(text=_opened(request, envelope, request.query.get("echostr", ""), now))
    except Refused as refused:
        return _turned_away(request, 403, refused)
    except Malformed as malformed:
        return _turned_away(request, 400, malformed)


async def open_callback(
    request: web.Request, envelope: Envelope, encrypted_in: Callable[[bytes], str], now: datetime
) -> str | web.Response:
    """A callback's plain text, or the refusal to answer it with."""
    body = await _body(request)
    if body is None:
        return _turned_away(request, 413, Malformed("too large"))
    try:
        return _opened(request, envelope, encrypted_in(body), now)
    except Refused as refused:
        return _turned_away(request, 403, refused)
    except Malformed as malformed:
        return unreadable(request, malformed)


def unreadable(request: web.Request, malformed: Malformed) -> web.Response:
    return _turned_away(request, 400, malformed)


def _opened(request: web.Request, envelope: Envelope, encrypted: str, now: datetime) -> str:
    query = request.query
    return envelope.open(
        encrypted,
        signature=query.get("msg_signature", ""),
        timestamp=query.get("timestamp", ""),
        nonce=query.get("nonce", ""),
        now=now,
    )


async def _body(request: web.Request) -> bytes | None:
    """None where it is too large; never more than the limit is kept in memory."""
    length = request.content_length
    if length is not None:
        return await request.read() if length <= LARGEST else None
    try:
        await request.content.readexactly(LARGEST + 1)
    except asyncio.IncompleteReadError as complete:
        return complete.partial
    return None


def _turned_away(request: web.Request, status: int, reason: Exception) -> web.Response:
    log.warning(
        "callback refused", path=request.path, status=status, reason=str(reason), remote=request.remote
    )
    return web.Response(status=status)


class Gateway(Protocol):
    """What differs between the two callback addresses."""

    async def read(self, request: web.Request, ears: Ears) -> Message | Click | Opened | web.Response:
        """The event, or the response to what is none."""

    async def filled(self, event: Message | Click | Opened) -> Message | Click | Opened:
        """The event with what could be fetched of its file."""

    async def answer(
        self, request: web.Request, ears: Ears, event: Message | Click | Opened, heard: Heard
    ) -> web.StreamResponse:
        """Answer in the response."""

    async def answer_late(self, ears: Ears, event: Message | Click | Opened, heard: Heard) -> None:
        """Answer by the API."""


async def serve(
    request: web.Request, ears: Ears | None, gateway: Gateway, errands: Errands, patience: float
) -> web.StreamResponse:
    """Hear what was posted and answer it; `patience`: seconds for which an answer in the response is in time.

    Nothing is acknowledged before its commit, however slow: a crash could lose it. WeCom hangs up after 5 s and
    repeats, and then the repeat is what gets the answer. A failure is told as such, and repeated too.
    """
    if ears is None:
        return web.Response(status=503)
    event = await gateway.read(request, ears)
    if isinstance(event, web.Response):
        return event
    hearing = errands.start(_hear(ears, gateway, event))
    await asyncio.wait((hearing,), timeout=patience)
    late = not hearing.done()
    if late:
        await asyncio.wait((hearing,))
    if hearing.cancelled() or hearing.exception() is not None:
        return web.Response(status=500)
    if not late:
        return await gateway.answer(request, ears, event, hearing.result())
    if request.transport is not None and not request.transport.is_closing():
        errands.start(gateway.answer_late(ears, event, hearing.result()))
    return web.Response()


async def _hear(ears: Ears, gateway: Gateway, event: Message | Click | Opened) -> Heard:
    return await ears.hear(await gateway.filled(event))

"""POST /api/v1/metrics: business data that other systems push.

A source is who knows its token. A body is read and kept a chunk at a time, each in a transaction of its own, so that
a chat command never waits for more than one of them; so many bodies at once are worked at, the others wait at the door.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.piecemeal import NotPoints, points_of
from bot.units import KnownUnits
from config.settings import IngestToken
from okr.policy import Policy
from storage import ingesting
from storage.database import Database
from storage.ingesting import Delivery, Outcome

log = structlog.get_logger(__name__)

CHUNK = 500
"""Points in one transaction: a few milliseconds for which a command may have to wait."""
AT_ONCE = 2
"""Bodies that are worked at together."""
BODY_WITHIN = 30.0
"""Seconds in which a body has to arrive."""
TELLS = 1000
"""Rejected points that are named in one answer; the rest is counted."""


class Ingest:
    """The door for pushed data. `tokens` and `policy` give what is in force at the moment."""

    def __init__(
        self,
        database: Database,
        policy: Callable[[], Policy],
        tokens: Callable[[], Sequence[IngestToken]],
        clock: Clock,
    ) -> None:
        self._database = database
        self._policy = policy
        self._tokens = tokens
        self._now = clock
        self._units = KnownUnits(database)
        self._turn = asyncio.Semaphore(AT_ONCE)

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/api/v1/metrics", self._take)]

    async def _take(self, request: web.Request) -> web.Response:
        source = self._source(request.headers.get("Authorization", ""))
        if source is None:
            return _refused(401, "令牌不对:要有 Authorization: Bearer 令牌")
        async with self._turn:
            try:
                async with asyncio.timeout(BODY_WITHIN):
                    body = await request.read()
            except web.HTTPRequestEntityTooLarge:
                return _refused(413, "一次最多 5 MB,分几次推")
            except TimeoutError:
                return _refused(408, f"{BODY_WITHIN:.0f} 秒里没有收完")
            try:
                outcome = await self._keep(source, body)
            except NotPoints as wrong:
                return _refused(422, str(wrong))
        log.info("points", source=source, accepted=outcome.accepted, rejected=len(outcome.rejected))
        return web.json_response(
            {
                "accepted": outcome.accepted,
                "duplicate": outcome.duplicates,
                "rejected": [{"index": one.index, "reason": one.reason} for one in outcome.rejected[:TELLS]],
            },
            dumps=lambda value: json.dumps(value, ensure_ascii=False),
        )

    async def _keep(self, source: str, body: bytes) -> Outcome:
        policy, now = self._policy(), self._now()
        outcome = Outcome()
        points = await points_of(body)
        units = await self._units.current()
        for first in range(0, len(points), CHUNK):
            chunk = points[first : first + CHUNK]
            if self._units.strange(chunk):
                units = await self._units.fresh()
            delivery = Delivery(source, now, policy.zone, policy.metrics, units)
            outcome.add(await self._chunk(chunk, delivery, first))
        return outcome

    async def _chunk(self, chunk: Sequence[Any], delivery: Delivery, first: int) -> Outcome:
        return await self._database.patiently(
            lambda session: ingesting.deliver(session, chunk, delivery, first=first)
        )

    def _source(self, header: str) -> str | None:
        """Whose token this is. Every token is compared whole, so that time tells nothing."""
        scheme, _, given = header.partition(" ")
        if scheme.lower() != "bearer":
            return None
        said = sha256(given.strip().encode()).digest()
        found = None
        for token in self._tokens():
            known = sha256(token.token.get_secret_value().encode()).digest()
            if hmac.compare_digest(said, known) and token.token.get_secret_value():
                found = token.name
        return found


def _refused(status: int, reason: str) -> web.Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return web.json_response(
        {"error": reason},
        status=status,
        headers=headers,
        dumps=lambda value: json.dumps(value, ensure_ascii=False),
    )

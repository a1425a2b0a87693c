"""POST /api/v1/metrics: business data that other systems push.

A source is who knows its token. So many bodies at once are worked at, the others wait at the door.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable, Sequence
from hashlib import sha256

import structlog
from aiohttp import web
from aiohttp.web_protocol import RequestPayloadError

from bot.clock import Clock
from bot.intake import Intake
from bot.piecemeal import NotPoints, points_of
from bot.units import KnownUnits
from config.settings import IngestToken
from okr.policy import Policy
from storage.database import Database
from storage.ingesting import Delivery, Outcome

log = structlog.get_logger(__name__)

AT_ONCE = 2
"""Bodies that are worked at together."""
BODY_WITHIN = 30.0
"""Seconds in which a body has to arrive."""
NAMES = 1000
"""Points whose units are looked at between two breaths."""
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
        self._policy = policy
        self._tokens = tokens
        self._now = clock
        self._units = KnownUnits(database)
        self._intake = Intake(database)
        self._precedence = database.precedence
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
                return _refused(413, "一次最多 5 MB(大约三万个数),分几次推:推过的再推一次也不会算两遍")
            except RequestPayloadError:
                return _refused(422, "正文没有收全,或者解不开压缩")
            except TimeoutError:
                return _refused(408, f"{BODY_WITHIN:.0f} 秒里没有收完")
            try:
                outcome = await self.keep(source, body)
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

    async def keep(self, source: str, body: bytes) -> Outcome:
        """Take in one body; what could not be taken is named. Raises NotPoints."""
        policy, now = self._policy(), self._now()
        points = await points_of(body, self._precedence.give)
        units = await self._units.current()
        async for some in self._precedence.pieces(points, NAMES):
            if self._units.strange(some):
                units = await self._units.fresh()
        return await self._intake.take(points, Delivery(source, now, policy.zone, policy.metrics, units))

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

"""The bot's own HTTP server: callbacks, health, metrics."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

LARGEST_BODY = 5 * 1024 * 1024
"""Bytes; what is larger is refused with 413 before it is read whole."""

Parts = Mapping[str, str]


def make_web(
    routes: Iterable[web.AbstractRouteDef],
    *,
    readiness: Callable[[], Awaitable[Parts]],
    liveness: Callable[[], Parts],
    registry: CollectorRegistry,
) -> web.Application:
    """The application, not yet listening. A part is well whose state is `ok`."""

    async def healthz(_: web.Request) -> web.Response:
        return _state(liveness())

    async def readyz(_: web.Request) -> web.Response:
        return _state(await readiness())

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application(client_max_size=LARGEST_BODY)
    app.add_routes(
        [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics), *routes]
    )
    return app


def _state(parts: Parts) -> web.Response:
    well = all(state == "ok" for state in parts.values())
    return web.json_response({"ok": well, "parts": dict(parts)}, status=200 if well else 503)

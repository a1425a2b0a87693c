"""A till system that others fetch from: a real server on this machine that can be well or unwell in many ways."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

TOKEN = "only-the-till-knows"


BOMB = gzip.compress(b'{"data": {"items": ["' + b"x" * 40_000_000 + b'"]}}')
"""Small on the wire, and larger than any page may be."""
UNWELL = {
    "error in a good answer": (
        200,
        "application/json",
        '{"code": 40001, "msg": "token expired", "data": null}',
    ),
    "web page": (200, "text/html", "<!DOCTYPE html><title>登录</title>"),
    "not json": (200, "text/plain", "ok, 12 rows"),
    "other fields": (200, "application/json", '{"data": {"items": [{"betrag": 3, "wann": "gestern"}]}}'),
    "broken": (500, "text/plain", f"secret {TOKEN} in a traceback"),
    "busy": (429, "text/plain", "slowly"),
    "huge": (200, "application/json", '{"data": {"items": ["' + "x" * 17_000_000 + '"]}}'),
}


class Pos:
    """`mood`: how it answers. `sales` are its records; `asked` is what was asked of it.
    `instead`: what stands in its answers in place of something else.
    """

    def __init__(self) -> None:
        self.mood = "well"
        self.sales: list[dict[str, Any]] = []
        self.asked: list[dict[str, str]] = []
        self.instead: dict[str, str] = {}
        self.url = ""
        self._released = asyncio.Event()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Pos]:
        app = web.Application()
        app.add_routes([web.route("*", "/api/sales", self._answer)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/sales"
        try:
            yield self
        finally:
            self._released.set()
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        parameters = dict(request.query) or (await request.json() if request.method == "POST" else {})
        self.asked.append(parameters)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": "who are you"}, status=401)
        if self.mood == "hanging":
            await self._released.wait()
        elif self.mood == "moved":
            raise web.HTTPFound("https://login.example.com/")
        elif self.mood == "bomb":
            return web.Response(
                body=BOMB, headers={"Content-Encoding": "gzip"}, content_type="application/json"
            )
        elif self.mood == "broken bomb":
            return web.Response(
                body=BOMB[:400], headers={"Content-Encoding": "gzip"}, content_type="application/json"
            )
        elif self.mood == "not Unicode":
            body = '{"data": {"items": [{"店": "西湖店"}]}}'.encode("gbk")
            return web.Response(body=body, content_type="application/json")
        elif self.mood in UNWELL:
            status, kind, text = UNWELL[self.mood]
            return web.Response(status=status, content_type=kind, text=text)
        elif self.mood == "other shape":
            return web.json_response({"data": {"list": self.sales}})
        return self._page(request, parameters)

    def _page(self, request: web.Request, asked: dict[str, str]) -> web.Response:
        size = int(asked.get("size") or 0) or len(self.sales) or 1
        begin = 0
        if "page" in asked and self.mood != "deaf to the page":
            begin = (int(asked["page"]) - 1) * size
            if self.mood == "last page for ever":
                begin = min(begin, len(self.sales) - size)
        elif "offset" in asked:
            begin = int(asked["offset"])
        elif asked.get("cursor"):
            begin = int(asked["cursor"].removeprefix("c"))
        some, after = self.sales[begin : begin + size], begin + size
        more = after < len(self.sales)
        body = {"data": {"items": some, "next": f"c{after}" if more else None}}
        if self.mood == "turning in circles":
            body["data"]["next"] = "c0"
        headers = {}
        if more:
            headers["Link"] = f'<{request.url.with_query(cursor=f"c{after}", size=str(size))}>; rel="next"'
        text = json.dumps(body, ensure_ascii=False)
        for usual, odd in self.instead.items():
            text = text.replace(usual, odd)
        return web.Response(text=text, content_type="application/json", headers=headers)


def sale(
    number: int, amount: object = "128.50", at: object = "2026-11-24 09:02:00", **other: Any
) -> dict[str, Any]:
    """A receipt as the till writes it: its own numbers for shops and people."""
    return {
        "no": number,
        "shop": {"code": "S01"},
        "clerk": "8812",
        "paid_at": at,
        "amount": amount,
        "guests": 2,
        **other,
    }

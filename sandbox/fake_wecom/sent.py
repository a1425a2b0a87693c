"""Files that people send the robot: encrypted, behind an address that is good for five minutes.

Source: developer.work.weixin.qq.com 100719.
"""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from urllib.parse import quote

from aiohttp import web

from sandbox.fake_wecom.crypto import Seal
from sandbox.fake_wecom.world import World
from sandbox.uploads import Sent

LIVES = timedelta(minutes=5)
LARGEST = 100 * 1024 * 1024
"""Bytes: what is larger cannot be sent at all."""


class SentFiles:
    def __init__(self, world: World) -> None:
        self._world = world
        self._sent: dict[str, tuple[Sent, Seal]] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/sent/{address}", self._fetch)]

    def keep(self, name: str, content: bytes, base_url: str, aes_key: str = "") -> dict[str, str]:
        """What a message says of a file. Without the robot's own key there is a key for this file alone."""
        if len(content) > LARGEST:
            raise ValueError("too large to be sent")
        own = aes_key or base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        address = secrets.token_hex(8)
        self._sent[address] = (Sent(name, content, self._world.clock.now()), Seal("", own, ""))
        told = {"url": f"{base_url}/sent/{address}"}
        return told if aes_key else told | {"aeskey": own + "="}

    async def _fetch(self, request: web.Request) -> web.Response:
        sent, seal = self._sent.get(request.match_info["address"], (None, None))
        if sent is None or seal is None:
            raise web.HTTPNotFound
        if self._world.faults.late_files or self._world.clock.now() - sent.at > LIVES:
            raise web.HTTPForbidden
        named = f"attachment; filename*=UTF-8''{quote(sent.name, safe='')}"
        return web.Response(body=seal.wrapped(sent.content), headers={"Content-Disposition": named})

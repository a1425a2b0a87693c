"""Pictures and files: uploaded for use inside the platform, downloaded by the code that a message brought."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.fake_dingtalk.gate import Gate
from sandbox.fake_dingtalk.refusals import Refused, RefusedLegacy, legacy_ok
from sandbox.fake_dingtalk.world import World

_MEGABYTES = {"image": 20, "voice": 2, "video": 20, "file": 20}


class Media:
    def __init__(self, world: World, gate: Gate) -> None:
        self._world = world
        self._gate = gate
        self.files: dict[str, bytes] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/media/upload", self._gate.legacy(self._upload)),
            web.post("/v1.0/robot/messageFiles/download", self._gate.new(self._download_url)),
            web.get("/files/{code}", self._download),
        ]

    async def _upload(self, request: web.Request, _body: Any) -> dict[str, Any]:
        form = await request.post()
        kind = request.query.get("type") or form.get("type")
        part = form.get("media")
        if not isinstance(kind, str) or kind not in _MEGABYTES or not isinstance(part, web.FileField):
            raise RefusedLegacy(40035, "type or media is missing")
        content = part.file.read()
        part.file.close()
        if not content or len(content) > _MEGABYTES[kind] * 1024 * 1024:
            raise RefusedLegacy(40009, "不合法的文件大小")
        media_id = self._world.new_id("@lAL")
        self.files[media_id] = content
        return legacy_ok(media_id=media_id, created_at=self._world.millis(), type=kind)

    async def _download_url(self, _request: web.Request, body: Any) -> dict[str, Any]:
        if body["robotCode"] != self._world.robot_code:
            raise Refused("robot.oto.notExist")
        if not str(body["downloadCode"]).startswith("code-"):
            raise Refused("invalidParameter.downloadCode")
        return {"downloadUrl": f"{self._world.base_url}/files/{body['downloadCode']}"}

    async def _download(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files.get(request.match_info["code"], b"\x89PNG\r\n"))

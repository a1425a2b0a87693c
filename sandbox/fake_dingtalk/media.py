"""Pictures and files: uploaded for use inside the platform, downloaded by the code that a message brought.

Sources: open.dingtalk.com, "upload media files", "download the file content of the robot receiving message". How long a
code and an address are good is not told there: temporary.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from sandbox.fake_dingtalk.gate import Gate
from sandbox.fake_dingtalk.refusals import Refused, RefusedLegacy, legacy_ok
from sandbox.fake_dingtalk.world import World
from sandbox.uploads import Upload, picture_type

_MEGABYTES = {"image": 20, "voice": 2, "video": 20, "file": 20}
_FILE_TYPES = frozenset({"xlsx", "pdf", "zip", "rar", "doc", "docx"})
_PICTURES = re.compile(r"!\[[^\]]*\]\(([^)\s]*)\)")


CODE_LIVES = timedelta(hours=2)
ADDRESS_LIVES = timedelta(minutes=10)


class Media:
    def __init__(self, world: World, gate: Gate) -> None:
        self._world = world
        self._gate = gate
        self.uploads: dict[str, Upload] = {}
        self._addresses: dict[str, tuple[str, datetime]] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/media/upload", self._gate.legacy(self._upload, metered=True)),
            web.post("/v1.0/robot/messageFiles/download", self._gate.new(self._download_url)),
            web.get("/files/{address}", self._download),
        ]

    # --- what messages refer to -------------------------------------------------------------------

    def check(self, drawn: Mapping[str, Any], *, on_card: bool = False) -> None:
        """Raises Refused for a picture or file that there is not.

        In Markdown the platform takes any address and shows a torn picture where there is nothing behind it, as it may
        for an uploaded one on a card: that is thrown away in silence, so it is a complaint.
        """
        content = drawn["content"]
        if "photoURL" in content:
            self._require(content["photoURL"], "image", "invalidParameter.msgParam.photoURL")
        if "fileType" in content:
            if content["fileType"] not in _FILE_TYPES:
                raise Refused("invalidParameter.msgParam.fileType", f"no robot sends {content['fileType']}")
            self._require(content["mediaId"], "file", "invalidParameter.msgParam.mediaId")
        for address in _PICTURES.findall(drawn["text"]):
            if on_card and not address.startswith("http"):
                self._world.complaints.append(f"an uploaded picture on a card: {address}")
            elif not self._known(address, "image"):
                self._world.complaints.append(f"a picture that is not there: {address}")

    def _require(self, address: object, kind: str, code: str) -> None:
        if not isinstance(address, str) or not self._known(address, kind):
            raise Refused(code, "无效的 mediaId")

    def _known(self, address: str, kind: str) -> bool:
        if address.startswith(("http://", "https://")):
            return kind == "image"
        upload = self.uploads.get(address)
        return upload is not None and upload.kind == kind

    # --- the calls --------------------------------------------------------------------------------

    async def _upload(self, request: web.Request, _body: Any) -> dict[str, Any]:
        form = await request.post() if request.content_type == "multipart/form-data" else {}
        kind = request.query.get("type") or form.get("type")
        part = form.get("media")
        if not isinstance(kind, str) or kind not in _MEGABYTES or not isinstance(part, web.FileField):
            raise RefusedLegacy(40035, "type or media is missing")
        content = part.file.read()
        part.file.close()
        if not content or len(content) > _MEGABYTES[kind] * 1024 * 1024:
            raise RefusedLegacy(40009, "不合法的文件大小")
        if not part.filename or (kind == "image" and not picture_type(content)):
            raise RefusedLegacy(40005, "不合法的文件类型")
        now = self._world.clock.now()
        upload = Upload(self._world.new_id("@lAL"), kind, part.filename, content, now)
        self.uploads[upload.id] = upload
        return legacy_ok(media_id=upload.id, created_at=self._world.millis(), type=kind)

    async def _download_url(self, _request: web.Request, body: Any) -> dict[str, Any]:
        if body["robotCode"] != self._world.robot_code:
            raise Refused("invalidParameter.robotCode", "the code belongs to another robot")
        code, now = str(body["downloadCode"]), self._world.clock.now()
        sent = self._world.sent.get(code)
        if sent is None or now - sent.at > CODE_LIVES:
            raise Refused("invalidParameter.downloadCode", "downloadCode无效或已过期")
        address = secrets.token_hex(8)
        self._addresses[address] = (code, now)
        return {"downloadUrl": f"{self._world.base_url}/files/{address}"}

    async def _download(self, request: web.Request) -> web.Response:
        """What is behind an address; the storage behind it says 403 to one whose time is over."""
        code, since = self._addresses.get(request.match_info["address"], ("", self._world.clock.now()))
        if not code:
            raise web.HTTPNotFound
        if self._world.clock.now() - since > ADDRESS_LIVES:
            raise web.HTTPForbidden
        return web.Response(body=self._world.sent[code].content, content_type="application/octet-stream")

"""The page's style and script, hand-written. A hash in the name lets browsers keep them for good."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "page"
_KINDS = {".css": "text/css", ".js": "text/javascript"}
_KEEP = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    name: str
    kind: str
    content: bytes

    @property
    def address(self) -> str:
        return f"/board/page/{self.name}"


def _read(name: str) -> Asset:
    path = FOLDER / name
    content = path.read_bytes()
    told = sha256(content).hexdigest()[:12]
    return Asset(f"{path.stem}.{told}{path.suffix}", _KINDS[path.suffix], content)


class Assets:
    """Read once, at the start."""

    def __init__(self) -> None:
        self.style = _read("board.css")
        self.script = _read("board.js")
        self._by_name = {asset.name: asset for asset in (self.style, self.script)}

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/board/page/{name}", self._serve)]

    async def _serve(self, request: web.Request) -> web.Response:
        asset = self._by_name.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": _KEEP, "X-Content-Type-Options": "nosniff"}
        response = web.Response(body=asset.content, content_type=asset.kind, charset="utf-8", headers=headers)
        response.enable_compression()
        return response

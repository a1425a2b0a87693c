"""A bare aiohttp server of one page and its style and script, as they are in a folder; prints its port."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from aiohttp import web

FILES = {"page": "text/html", "style": "text/css", "script": "text/javascript"}


async def main(folder: Path) -> None:
    kept = {name: (folder / name).read_bytes() for name in FILES}

    async def serve(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return web.Response(body=kept[name], content_type=FILES[name], charset="utf-8")

    app = web.Application()
    app.add_routes([web.get("/{name}", serve)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))

"""From the make-believe office to the board: by a link that holds, or by a page that waits for it."""

from __future__ import annotations

import aiohttp

from sandbox.clock import WoundClock
from sandbox.stage import staged
from tests.engines import MONDAY
from tests.quiet import QUIET_JOBS


async def test_before_the_first_day_is_over_a_page_asks_to_wait_and_comes_back(sqlite_url: str) -> None:
    async with (
        staged(sqlite_url, WoundClock(MONDAY), jobs=QUIET_JOBS, rehearses=True) as stage,
        aiohttp.ClientSession(
            f"http://127.0.0.1:{stage.application.port}", cookie_jar=aiohttp.CookieJar(unsafe=True)
        ) as visitor,
    ):
        async with visitor.get("/sandbox/board", params={"me": "E0102"}) as response:
            told = await response.text()
            assert response.status == 200
            assert response.headers["Refresh"] == "1"
            assert "马上就好" in told
        async with visitor.get("/sandbox/page/wait.css") as response:
            assert response.status == 200
        async with visitor.get("/sandbox/board", params={"me": "E9999"}) as response:
            assert response.status == 404

        stage.board.is_open = True

        async with visitor.get("/sandbox/board", params={"me": "E0102"}) as response:
            assert response.status == 200
            assert "李四的目标" in await response.text()

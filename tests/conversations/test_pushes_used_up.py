"""The month's pushes are used up: whoever writes in vain is told so, by the API, once a month."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import aiohttp

from sandbox.stage import Stage
from sandbox.transcript import BOT
from tests.conversations.rooms import opened


def _told(stage: Stage) -> list[str]:
    bubbles = stage.dingtalk.bubbles_for("dt-li")
    return [bubble.title + bubble.text for bubble in bubbles if bubble.author == BOT]


async def test_who_writes_in_vain_is_told_once(tmp_path: Path) -> None:
    async with opened("dingtalk", tmp_path) as stage:
        stage.dingtalk.limits.monthly_pushes = 0
        for _ in range(3):
            await stage.dingtalk.say("dt-li", "我的目标")
        async with asyncio.timeout(30):
            while not _told(stage):
                await asyncio.sleep(0.05)
        await stage.dingtalk.say("dt-li", "我的目标")
        await asyncio.sleep(1.5)

        [told] = _told(stage)
        assert "本月额度用完了" in told
        assert "企业微信" in told
        link = re.search(r"\[网页报数\]\((http://127\.0\.0\.1:\d+/board/in/[\w-]+)\)", told)
        assert link is not None
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as browser, browser.get(link[1]) as page:
            assert "李四的目标" in await page.text()

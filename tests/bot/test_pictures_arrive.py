"""A picture and a file on their whole way: posted with a letter, drawn, sent by the running bot, seen on a phone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from cards.goal_map import goal_map
from chat.answers import Letter, Urgency
from chat.events import Account, PlatformName
from chat.files import File
from sandbox.clock import WoundClock
from sandbox.stage import Stage, staged
from sandbox.transcript import BOT, Bubble
from storage import letters
from tests.bot.dingtalk.office import until
from tests.cards.sample import EG
from tests.okr.trees import company
from tests.quiet import QUIET_JOBS

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
SHEET = File("我的数据 李四.xlsx", "application/zip", b"PK what is kept about somebody")
LI = {PlatformName.DINGTALK: "dt-li", PlatformName.WECOM: "WxLi"}

on_both = pytest.mark.parametrize("platform", list(LI))


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Stage]:
    async with staged(sqlite_url, WoundClock(NOW), jobs=QUIET_JOBS) as stage:
        yield stage
        assert stage.dingtalk.complaints == []
        assert stage.wecom.complaints == []


async def send(stage: Stage, platform: PlatformName, count: int) -> list[Bubble]:
    """Post the map and the sheet for 李四, and wait until the phone shows so many messages."""
    card, picture = goal_map(company(), title="华东区", about="2026Q4", eg=EG)
    to = Account(platform, LI[platform])
    letter = Letter(to, card, "once", Urgency.REPORT, files=(picture, SHEET))
    await stage.database.transact(lambda session: letters.post(session, letter, stage.clock.now()))
    stage.application.postman.wake()

    def shown() -> list[Bubble]:
        bubbles = stage.office.transcripts[str(platform)].bubbles
        return [bubble for bubble in bubbles if bubble.author == BOT]

    await until(lambda: len(shown()) >= count, within=60)
    return shown()


def uploaded(stage: Stage, platform: PlatformName, media_id: object) -> bytes:
    upload = stage.office.upload(str(platform), str(media_id))
    assert upload is not None
    return upload.content


@on_both
async def test_without_a_public_address_everything_is_uploaded(stage: Stage, platform: PlatformName) -> None:
    if platform is PlatformName.DINGTALK:
        words, file = await send(stage, platform, 2)
        [media_id] = re.findall(r"!\[[^]]*\]\((@[^)]+)\)", words.text)
        picture = uploaded(stage, platform, media_id)
        sheet = uploaded(stage, platform, file.content["mediaId"])
    else:
        image, words, file = await send(stage, platform, 3)
        picture = uploaded(stage, platform, image.content["media_id"])
        sheet = uploaded(stage, platform, file.content["media_id"])

    assert picture.startswith(b"\x89PNG")
    assert sheet == SHEET.content
    assert "目标地图 · 华东区:11 个目标" in words.title + words.text


async def test_with_one_the_picture_is_fetched_from_the_running_bot(stage: Stage) -> None:
    settings = stage.application.settings
    server = settings.server.model_copy(update={"public_url": f"http://127.0.0.1:{stage.application.port}"})
    stage.application.settle(settings.model_copy(update={"server": server}))
    words, file = await send(stage, PlatformName.DINGTALK, 2)
    [address] = re.findall(r"!\[[^]]*\]\((http[^)]+)\)", words.text)

    async with aiohttp.ClientSession() as session, session.get(address) as response:
        assert (response.status, response.content_type) == (200, "image/png")
    assert (words.kind, file.kind) == ("card", "file")
    assert [upload.name for upload in stage.dingtalk.media.uploads.values()] == [SHEET.name]

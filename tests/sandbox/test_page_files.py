"""Files that a visitor of the page sends the bot."""

from __future__ import annotations

import base64

import aiohttp
import pytest

from tests.sandbox.paper_office import PaperOffice
from tests.sandbox.test_page_server import LI_AT_DINGTALK, LI_AT_WECOM, STORE_GROUP, ask

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_file_is_sent_with_its_name_and_content(
    visitor: aiohttp.ClientSession, paper: PaperOffice
) -> None:
    content = base64.b64encode(b"a,b").decode()
    status, told = await ask(visitor, "say", **LI_AT_DINGTALK, kind="file", text="日数.csv", content=content)

    assert (status, told["bubble"]["kind"], told["bubble"]["text"]) == (200, "file", "日数.csv")
    assert (paper.dingtalk.said[-1]["kind"], paper.dingtalk.said[-1]["content"]) == ("file", b"a,b")


@pytest.mark.parametrize("seat", [STORE_GROUP, LI_AT_WECOM])
async def test_no_file_goes_where_the_platform_takes_none(
    visitor: aiohttp.ClientSession, seat: dict[str, str]
) -> None:
    status, told = await ask(visitor, "say", **seat, kind="file", text="日数.csv", content="")

    assert (status, "收不到文件" in told["error"]) == (400, True)


async def test_a_file_that_is_no_base64_is_refused(visitor: aiohttp.ClientSession) -> None:
    status, told = await ask(visitor, "say", **LI_AT_DINGTALK, kind="file", text="日数.csv", content="?")

    assert (status, told["error"]) == (400, "文件的内容要用 base64。")

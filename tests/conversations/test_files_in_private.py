"""Tables that people ask for arrive as files in every private chat, and what is said of them fits the chat."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from sandbox.clock import WoundClock
from sandbox.stage import Stage, staged
from sandbox.transcript import BOT, Bubble
from tests.conversations.phones import PRIVATE, Phone
from tests.engines import MONDAY
from tests.quiet import QUIET_JOBS


@pytest.fixture
async def stage(sqlite_company_url: str) -> AsyncIterator[Stage]:
    async with staged(sqlite_company_url, WoundClock(MONDAY), furnished=False, jobs=QUIET_JOBS) as stage:
        yield stage
        assert stage.dingtalk.complaints == []
        assert stage.wecom.complaints == []


async def asked(phone: Phone, text: str, files: int) -> tuple[str, Bubble]:
    """What is answered, and the last of so many files of this chat."""
    answer = await phone.say(text)
    assert answer is not None

    def got() -> list[Bubble]:
        return [one for one in phone.transcript.of(phone.chat) if one.author == BOT and one.kind == "file"]

    async with asyncio.timeout(20):
        while len(got()) < files:
            await asyncio.sleep(0.02)
    return answer.text, got()[-1]


def content(phone: Phone, bubble: Bubble) -> bytes:
    media = bubble.content["mediaId" if phone.platform == "dingtalk" else "media_id"]
    upload = phone.stage.office.upload(phone.platform, str(media))
    assert upload is not None
    return upload.content


def uploads(stage: Stage) -> int:
    """Those taken: the token is renewed first where it has run out."""
    sent = [one.body for one in stage.wecom.requests if one.name == "media/upload" and not one.errcode]
    return sum(body["name"] == "排班表.xlsx" for body in sent)


@pytest.mark.parametrize("gateway", PRIVATE)
async def test_what_is_exported_can_be_opened(stage: Stage, gateway: str) -> None:
    phone = Phone(stage, gateway, "王店")

    told, file = await asked(phone, "导出 我的目标", 1)
    sheet = load_workbook(io.BytesIO(content(phone, file))).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))

    assert "后面加 CSV" in told
    assert len(rows) == 4
    assert "700" in str(rows[1:]) or "销售" in str(rows[1:])
    if phone.platform == "dingtalk":
        assert await phone.say("导出 我的目标 CSV")
        async with asyncio.timeout(20):
            while "去掉 CSV" not in phone.last().text:
                await asyncio.sleep(0.02)
    else:
        told, file = await asked(phone, "导出 我的目标 CSV", 2)
        assert "后面加 CSV" not in told
        assert content(phone, file).decode("utf-8-sig").count("\n") == 4


async def test_the_apps_form_says_where_to_send_it_and_is_uploaded_anew_after_three_days(
    stage: Stage,
) -> None:
    """An upload is kept for three days: until then the next one is sent without a second upload."""
    phone = Phone(stage, "wecom-app", "王店")
    told, first = await asked(phone, "模板表格 排班表", 1)
    assert "发到智能机器人的单聊(应用收不到文件)" in told
    await asked(phone, "模板表格 排班表", 2)
    assert uploads(stage) == 1

    stage.clock.wind(timedelta(days=4))
    _, again = await asked(phone, "模板表格 排班表", 3)

    assert uploads(stage) == 2
    assert first.content["media_id"] != again.content["media_id"]
    robot, _ = await asked(Phone(stage, "wecom-robot", "王店"), "模板表格 排班表", 1)
    assert "发到智能机器人的单聊" in robot

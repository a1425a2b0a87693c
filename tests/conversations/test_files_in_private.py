"""Tables that people ask for arrive as files in every private chat, and what is said of them fits the chat."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from sandbox.clock import WoundClock
from sandbox.stage import Stage, staged
from sandbox.transcript import BOT, Bubble
from tests.conversations.phones import PRIVATE, Phone, read
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

    async with asyncio.timeout(30):
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
        async with asyncio.timeout(30):
            while "去掉 CSV" not in phone.last().text:
                await asyncio.sleep(0.02)
    else:
        told, file = await asked(phone, "导出 我的目标 CSV", 2)
        assert "后面加 CSV" not in told
        assert content(phone, file).decode("utf-8-sig").count("\n") == 4


@pytest.mark.parametrize("gateway", PRIVATE)
async def test_the_files_hold_the_numbers_that_are_shown(stage: Stage, gateway: str) -> None:
    phone = Phone(stage, gateway, "王店")
    await phone.say("修改 KR5 目标值 260万 原因 新店开业")
    await phone.say("今日动作 KR5 陈列调整; 10点前赠饮")

    tables: dict[str, tuple[str, list[dict[str, Any]]]] = {}
    for number, say in enumerate(
        ("环比 销售额 上周", "达成率 KR5", "目标来源", "修改记录 KR5", "今日动作"), 1
    ):
        shown = await phone.say(say)
        assert shown is not None
        _, file = await asked(phone, f"导出 {say}", number)
        header, *lines = load_workbook(io.BytesIO(content(phone, file))).worksheets[0].values
        tables[say] = (
            read(shown, phone.user_id),
            [dict(zip(map(str, header), line, strict=True)) for line in lines],
        )

    told, rows = tables["环比 销售额 上周"]
    assert f"{rows[0]['现在']:,}" in told
    assert f"{rows[0]['那时']:,}" in told
    told, rows = tables["达成率 KR5"]
    assert f"{rows[0]['达成率']:.0%}" in told
    told, rows = tables["目标来源"]
    assert f"自上而下 {rows[0]['自上而下']:.0%}" in told
    assert len(rows) == 4
    told, rows = tables["修改记录 KR5"]
    assert (rows[0]["到"], rows[0]["原因"]) == ("260 万元", "新店开业")
    assert f"{rows[0]['从']} → 260 万元" in told
    told, rows = tables["今日动作"]
    assert [(row["编号"], row["要做的"]) for row in rows] == [("A1", "陈列调整"), ("A2", "赠饮")]
    assert all(row["编号"] in told for row in rows)


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

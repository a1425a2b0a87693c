"""A store's money over the real wire: its own people read it, another store and an outsider never do, nor does a group."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sandbox.stage import Stage
from storage.session import Session
from tests.conversations.phones import Phone, has_account, read
from tests.conversations.rooms import WITH_GROUPS, GroupPhone, opened
from tests.conversations.script import says

FIGURES = re.compile("1310000|2400000|131万|240万|76万|760000|32万|320000")
"""KR5, the turnover of 西湖店: what was reported, and what it is to reach."""
COMMANDS = (
    "查看 KR5", "查看 O3", "查看 E0101", "看 西湖店", "历史 KR5", "历史 KR5 11月5日", "为什么 KR5", "修改记录 O3", "目标地图 西湖店",
    "关联度 O3", "分解 KR5 按门店", "更新 KR5 100",
)  # fmt: skip
GATEWAYS = ("dingtalk", "wecom-app", "wecom-robot", "wecom-robot-url")


def named(text: str) -> list[str]:
    return FIGURES.findall(text.replace(",", "").replace(" ", ""))


async def posted(stage: Stage) -> str:
    """Every answer and letter as it was posted, with its pictures' drawings."""

    async def look(session: Session) -> str:
        cards = [row[0] for row in await session.all("SELECT card FROM letters ORDER BY id")]
        drawn = [
            bytes(row[0]).decode(errors="replace") for row in await session.all("SELECT content FROM files")
        ]
        return "\n".join([*cards, *drawn])

    return await stage.database.read(look)


def on_the_wire(phone: Phone) -> str:
    """All that the platform was told for this chat, as it would draw it: payloads, buttons, what they say."""
    return "\n".join(
        json.dumps(
            [bubble.title, bubble.text, bubble.content, [b.says for b in bubble.buttons]],
            ensure_ascii=False,
            default=str,
        )
        for bubble in phone.transcript.of(phone.chat)
    )


@pytest.mark.parametrize("gateway", GATEWAYS)
async def test_another_store_reads_percents(gateway: str, tmp_path: Path) -> None:
    who = "赵店" if has_account(gateway, "赵店") else "吴越"
    async with opened(gateway, tmp_path) as stage:
        other = Phone(stage, gateway, who)
        for words in COMMANDS:
            answer = await other.say(words)
            assert answer is not None
        assert says(on_the_wire(other), "KR5…55%")
        assert named(on_the_wire(other)) == []
        assert named(await posted(stage)) == []

        own = Phone(stage, gateway, "王店")
        shown = await own.say("查看 KR5")
        assert shown is not None
        assert "131 万元" in read(shown, own.user_id)


@pytest.mark.parametrize("gateway", WITH_GROUPS)
async def test_a_group_reads_percents_whoever_asks(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        own = GroupPhone(stage, gateway, "王店")
        for words in (*COMMANDS[:-1], "更新 KR5 1400000", "修改 KR5 目标值 2500000 原因 多开一周"):
            await own.call(words)

        assert says(on_the_wire(own), "KR5…55%")
        assert named(on_the_wire(own).replace("更新 KR5 1400000", "")) == []


@pytest.mark.parametrize("gateway", GATEWAYS)
async def test_an_outsider_learns_nothing(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        outsider = Phone(stage, gateway, "陌生人")
        told = {await _said(outsider, words) for words in ("查看 KR5", "查看 KR999", "看 西湖店", "我的目标")}

        assert len(told) == 1, "what is there and what is not are answered the same"
        assert says(told.pop(), "我还不认识你")
        assert not any(word in on_the_wire(outsider) for word in ("西湖店销售额", "55%", "王店"))


async def _said(phone: Phone, words: str) -> str:
    answer = await phone.say(words)
    assert answer is not None, words
    return read(answer, phone.user_id)


@pytest.mark.parametrize("gateway", WITH_GROUPS)
async def test_what_only_some_may_see_stays_out_of_the_group(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        li = GroupPhone(stage, gateway, "李四")
        await stage.database.transact(_restrict)
        for words in (
            "查看 O4",
            "查看 KR8",
            "历史 KR8",
            "更新 KR8 1070",
            "为什么 KR8",
            "我的目标",
            "修改记录 O4",
        ):
            assert says(await li.call(words), "李四,详情已私聊发给你"), words
        for words in ("查看 E0102", "看 西湖店", "目标地图 西湖店", "为什么 KR11"):
            await GroupPhone(stage, gateway, "王店").call(words)

        assert "提升门店季度业绩" not in on_the_wire(li)
        assert "生鲜区客流量" not in on_the_wire(li)


async def _restrict(session: Session) -> None:
    await session.run("UPDATE objectives SET visibility = '上下级' WHERE id = 4")

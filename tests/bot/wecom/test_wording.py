from __future__ import annotations

import pytest

from bot.wecom.wording import cut_to_bytes, cut_to_characters, markdown_of, text_of
from chat.card import Button, Face, Fact


def test_the_text_keeps_its_choices_when_the_body_is_too_long() -> None:
    face = Face("本周战报", lines=("字" * 100,) * 20, buttons=(Button("看明细", "a", ""),), hint="回数字就行")
    text = text_of(face)

    assert len(text.encode()) <= 2048
    assert text.endswith("…\n回数字:1 看明细\n回数字就行")


def test_markdown_of_everything() -> None:
    face = Face(
        "KR34 到 70% 了",
        subtitle="生鲜区客流量",
        emphasis=("70%", "该到 58%"),
        lines=("O12 **36%**",),
        facts=(Fact("现在", "1,070"),),
        buttons=(Button("改", "a", ""), Button("看", "b", "")),
        hint="可以说:看 KR34",
        why="订阅了 KR34",
    )

    assert markdown_of(face).split("\n") == [
        "**KR34 到 70% 了**",
        "生鲜区客流量",
        "**70%** 该到 58%",
        "O12 **36%**",
        "> 现在:1,070",
        "回数字:1 改 · 2 看",
        "可以说:看 KR34",
        "订阅了 KR34",
    ]


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("abc", 3, "abc"),
        ("字字字", 9, "字字字"),
        ("字字字", 8, "字…"),
        ("first line\nsecond", 16, "first line\n…"),
        ("a\nsecond line", 12, "a\nsecond…"),
    ],
)
def test_cut_to_bytes(text: str, limit: int, cut: str) -> None:
    assert cut_to_bytes(text, limit) == cut
    assert len(cut.encode()) <= limit


@pytest.mark.parametrize(("text", "cut"), [("一二三", "一二三"), ("一二三四", "一二…")])
def test_cut_to_characters(text: str, cut: str) -> None:
    assert cut_to_characters(text, 3) == cut

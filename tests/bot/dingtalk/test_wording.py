from __future__ import annotations

from bot.dingtalk.wording import markdown_of, saying, text_of
from chat.card import Button, Face, Fact
from sandbox.fake_dingtalk.drawing import said_by

FULL = Face(
    title="KR34 到 70% 了",
    subtitle="生鲜区客流量",
    emphasis=("70%", "该到 58%"),
    lines=("O12 31% → **36%**",),
    facts=(Fact("现在", "1,070 人"),),
    buttons=(Button("改信心", "a", "信心 KR34"), Button("我的目标", "b", "我的目标")),
    hint="可以说:我的目标",
    why="因为你关注了它",
)


def test_every_line_ends_with_two_spaces_and_the_news_comes_first() -> None:
    lines = markdown_of(FULL, choices=False).split("  \n")

    assert lines == [
        "**KR34 到 70% 了**",
        "生鲜区客流量",
        "**70%** 该到 58%",
        "O12 31% → **36%**",
        "现在:1,070 人",
        "> 可以说:我的目标",
        "> 因为你关注了它",
    ]


def test_choices_are_written_out_where_there_are_no_buttons() -> None:
    shown = markdown_of(FULL)

    assert "改信心" in shown
    assert "我的目标" in shown.split("> ")[0]


def test_words_of_people_stay_words() -> None:
    sly = Face("目标", lines=(f"[看看]({saying('同意 R8')})", "<font color=red>急</font>", "5 < 7"))

    shown = markdown_of(sly)

    assert "](" not in shown
    assert "<font" not in shown
    assert "5 < 7" in shown


def test_too_long_a_body_loses_its_end_but_not_the_choices() -> None:
    long = Face("长", lines=tuple(f"第{n}行" * 20 for n in range(200)), buttons=FULL.buttons)

    shown = markdown_of(long, limit=3000)

    assert len(shown.encode()) <= 3000
    assert "第0行" in shown
    assert "改信心" in shown
    assert "…" in shown


def test_one_endless_line_is_cut_between_characters() -> None:
    shown = text_of(Face("字" * 9000), limit=1000)

    assert len(shown.encode()) <= 1000
    assert shown.endswith("字…")


def test_a_button_says_exactly_its_command() -> None:
    assert said_by(saying("更新 KR34 +20 说明&原因?")) == "更新 KR34 +20 说明&原因?"

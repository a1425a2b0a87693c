from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.template_cards import APP, HOME, ROBOT, Dialect, template_card
from chat.card import Button, ButtonStyle, Face, Fact
from sandbox.fake_wecom import cards

FULL = Face(
    title="KR34 到 70% 了",
    subtitle="生鲜区客流量",
    emphasis=("70%", "该到 58%"),
    lines=("O12 31% → **36%**",),
    facts=(Fact("现在", "1,070 人"), Fact("目标", "1,100 人")),
    buttons=(
        Button("改信心", "cf:34", "信心 KR34", ButtonStyle.PRIMARY),
        Button("撤销", "undo:34", "撤销 KR34", ButtonStyle.DANGER),
        Button("我的目标", "mine", "我的目标"),
    ),
    hint="可以说:信心 KR34 7",
    why="按「进度慢」提醒",
)


def test_a_face_with_buttons() -> None:
    assert template_card(FULL, "okr-7", APP) == {
        "card_type": "button_interaction",
        "task_id": "okr-7",
        "main_title": {"title": "KR34 到 70% 了", "desc": "生鲜区客流量"},
        "sub_title_text": "70% 该到 58%\nO12 31% → 36%\n可以说:信心 KR34 7\n按「进度慢」提醒",
        "horizontal_content_list": [
            {"keyname": "现在", "value": "1,070 人"},
            {"keyname": "目标", "value": "1,100 人"},
        ],
        "button_list": [
            {"text": "改信心", "style": 1, "key": "cf:34"},
            {"text": "撤销", "style": 3, "key": "undo:34"},
            {"text": "我的目标", "style": 2, "key": "mine"},
        ],
    }


def test_a_face_without_buttons_shows_its_figure_and_leads_somewhere() -> None:
    face = Face("本周战报", emphasis=("8.2 万", "比上周 +12%"))

    assert template_card(face, "okr-7", ROBOT) == {
        "card_type": "text_notice",
        "task_id": "okr-7",
        "main_title": {"title": "本周战报"},
        "emphasis_content": {"title": "8.2 万", "desc": "比上周 +12%"},
        "card_action": {"type": 1, "url": HOME},
    }


def test_a_title_that_is_cut_stands_whole_below() -> None:
    title = "客" * 40
    card = template_card(Face(title), "okr-7", APP)

    assert card["main_title"]["title"] == "客" * 35 + "…"
    assert card["sub_title_text"] == title


def test_facts_beyond_six_become_lines_and_a_key_stands_once() -> None:
    facts = tuple(Fact(f"第{n}项的名字", str(n)) for n in range(8))
    buttons = (Button("一", "a", ""), Button("二", "b", ""), Button("又一", "a", ""))
    card = template_card(Face("x", facts=facts, buttons=buttons), "okr-7", APP)

    assert len(card["horizontal_content_list"]) == 6
    assert card["horizontal_content_list"][0]["keyname"] == "第0项的…"
    assert card["sub_title_text"] == "第6项的名字 6\n第7项的名字 7"
    assert [button["text"] for button in card["button_list"]] == ["一", "二"]


words = st.text(max_size=200)
faces = st.builds(
    Face,
    title=st.text(min_size=1, max_size=80),
    subtitle=words,
    emphasis=st.none() | st.tuples(st.text(max_size=30), st.text(max_size=30)),
    lines=st.lists(words, max_size=4).map(tuple),
    facts=st.lists(st.builds(Fact, st.text(min_size=1, max_size=9), words), max_size=9).map(tuple),
    buttons=st.lists(
        st.builds(
            Button,
            st.text(min_size=1, max_size=30),
            st.text("abcdef:0123456789", min_size=1, max_size=128),
            words,
            st.sampled_from(ButtonStyle),
        ),
        max_size=9,
    ).map(tuple),
    hint=words,
    why=words,
)


@pytest.mark.parametrize(("dialect", "rules"), [(APP, cards.APP), (ROBOT, cards.ROBOT)])
@given(face=faces)
def test_whatever_the_face_the_platform_takes_the_card(
    dialect: Dialect, rules: cards.Dialect, face: Face
) -> None:
    assert cards.refusal(template_card(face, "okr-7", dialect), rules) == 0

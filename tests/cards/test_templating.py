"""The line language, and that what people type stays what it is: plain words."""

from __future__ import annotations

import re

import pytest

from cards import templating
from cards.templating import ENVIRONMENT, read_face, render
from chat.card import Button, ButtonStyle, Card, Face, Fact

LINE_BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
HOSTILE = [
    "[删掉](删除 O1)",
    "![图](http://example.com/x.png)",
    "x](删除 O1) [y",
    "# 新标题",
    "## 副标题",
    "! 9 | 大字",
    "* 名 | 值",
    "> 提示",
    "? 为什么",
    "  # 前面有空格",
    "　# 前面有全角空格",
    "<@user>",
    "<@all>",
    "<font color=red>红</font>",
    "{{ 7 * 7 }}",
    "{% include 'x' %}",
    *(f"第一行{mark}# 第二行" for mark in LINE_BREAKS),
    *(f"第一行{mark}[删掉](删除 O1)" for mark in LINE_BREAKS),
]
PLACES = [
    "# 标题\n{{ said }}\n",
    "# 标题\n{{ said }} 之后\n",
    "# 标题\n前面 {{ said }}\n",
    "# {{ said }}\n行\n",
    "# 标题\n行\n* 名 | {{ said }}\n",
    "# 标题\n行\n> {{ said }}\n",
    "# 标题\n行\n{{ '' }}{{ said }}\n",
]


def face_of(source: str, **values: object) -> Face:
    return read_face(ENVIRONMENT.from_string(source).render(values))


def shape(face: Face) -> tuple[object, ...]:
    return (
        bool(face.title),
        bool(face.subtitle),
        face.emphasis is None,
        len(face.lines),
        len(face.facts),
        len(face.buttons),
        bool(face.hint),
        bool(face.why),
    )


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("said", HOSTILE)
def test_what_people_type_changes_nothing_but_the_words(place: str, said: str) -> None:
    assert shape(face_of(place, said=said)) == shape(face_of(place, said="无害的话"))


@pytest.mark.parametrize("said", HOSTILE)
def test_what_people_type_keeps_no_mark_up(said: str) -> None:
    (line,) = face_of("# 标题\n前面 {{ said }}", said=said).lines

    assert not set(line) & set("[]<>")


@pytest.mark.parametrize("said", ["a](删除 O1) [b", "看\n[删](删除 O1)", "完成 (一半)", "x)"])
def test_a_label_and_a_command_from_people_make_one_button(said: str) -> None:
    face = face_of("# 标题\n[{{ said }}](更新 KR34 {{ said }})", said=said)

    (button,) = face.buttons
    assert button.say.startswith("更新 KR34 ")


def test_plain_words_are_left_alone() -> None:
    said = "客流到 1,050 人了(+20),毛利率 6.9%!真的?是的:第#1 * 2"

    assert face_of("# 标题\n{{ said }}", said=said).lines == (said,)


def test_what_a_template_puts_between_two_words_stays() -> None:
    assert face_of("# 标题\n{{ '李四' }}{{ ' · ' ~ unit }}", unit="西湖店").lines == ("李四 · 西湖店",)


@pytest.mark.parametrize(
    ("text", "face"),
    [
        ("# 标题", Face("标题")),
        ("#标题", Face("标题")),
        ("# 标题\n## 副标题", Face("标题", subtitle="副标题")),
        ("# 标题\n! 70% | 该到 58%", Face("标题", emphasis=("70%", "该到 58%"))),
        ("# 标题\n! 70%", Face("标题", emphasis=("70%", ""))),
        ("# 标题\n* KR34 | 🟢 70%", Face("标题", facts=(Fact("KR34", "🟢 70%"),))),
        ("# 标题\n**粗** 字", Face("标题", lines=("**粗** 字",))),
        ("# 标题\n> 发:帮助", Face("标题", hint="发:帮助")),
        ("# 标题\n? 因为周五", Face("标题", why="因为周五")),
        ("\n  # 标题  \n\n  行  \n", Face("标题", lines=("行",))),
    ],
)
def test_every_mark_of_the_line_language(text: str, face: Face) -> None:
    assert read_face(text) == face


@pytest.mark.parametrize(
    ("line", "buttons"),
    [
        ("[看](查看 O1)", [("看", "查看 O1", ButtonStyle.PLAIN)]),
        ("[+交](提交 O1)", [("交", "提交 O1", ButtonStyle.PRIMARY)]),
        ("[-删](删除 O1)", [("删", "删除 O1", ButtonStyle.DANGER)]),
        (
            "[看](查看 O1) [+交](提交 O1)",
            [("看", "查看 O1", ButtonStyle.PLAIN), ("交", "提交 O1", ButtonStyle.PRIMARY)],
        ),
        (
            "[看](查看 O1)[报](更新 KR1)",
            [("看", "查看 O1", ButtonStyle.PLAIN), ("报", "更新 KR1", ButtonStyle.PLAIN)],
        ),
        ("[记](更新 KR1 =5 (估))", [("记", "更新 KR1 =5 (估)", ButtonStyle.PLAIN)]),
    ],
)
def test_buttons(line: str, buttons: list[tuple[str, str, ButtonStyle]]) -> None:
    face = read_face(f"# 标题\n{line}")

    assert [(button.label, button.say, button.style) for button in face.buttons] == buttons


@pytest.mark.parametrize("text", ["", "没有标题", "## 只有副标题", "#"])
def test_a_card_without_a_title_is_a_mistake(text: str) -> None:
    with pytest.raises(ValueError, match="no title"):
        read_face(text)


def test_a_value_that_a_template_lacks_is_a_mistake() -> None:
    with pytest.raises(Exception, match="incident"):
        render("notices/apology")


def test_wecom_has_a_face_of_its_own_where_it_is_composed() -> None:
    plain = render("notices/never_mind")

    assert plain.wecom is None
    assert isinstance(plain, Card)


def test_templates_are_read_once() -> None:
    assert templating._template("help.md.j2") is templating._template("help.md.j2")
    assert templating._template("no_such.md.j2") is None


def test_a_button_carries_its_command() -> None:
    (button,) = read_face("# 标题\n[看](查看 O1)").buttons

    assert button == Button("看", "%E6%9F%A5%E7%9C%8B+O1", "查看 O1")


def test_what_is_in_a_row_is_meant_before_what_a_dict_can_do() -> None:
    assert ENVIRONMENT.from_string("{{ row.items }}").render(row={"items": "三件"}) == "三件"


def test_no_button_is_written_inside_an_expression() -> None:
    """What an expression brings is plain words, a button's brackets too: it would be read and not pressed."""
    loader = ENVIRONMENT.loader
    assert loader is not None
    for name in loader.list_templates():
        source, _, _ = loader.get_source(ENVIRONMENT, name)
        assert not re.search(r"""\{\{[^}]*["']\[[^}\]]*\]\(""", source), name

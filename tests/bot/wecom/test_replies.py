from __future__ import annotations

from xml.etree import ElementTree as ET

from bot.wecom import replies
from bot.wecom.template_cards import APP, template_card
from chat.card import Button, Face, Fact
from sandbox.fake_wecom.card_xml import card_of


def test_a_card_survives_its_way_through_xml() -> None:
    face = Face(
        "a < b & c",
        subtitle="x",
        lines=("]]>",),
        facts=(Fact("现在", "1"), Fact("目标", "2")),
        buttons=(Button("好", "ok", ""),),
    )
    card = template_card(face, "okr-7", APP)
    reply = ET.fromstring(replies.update_card_reply(card, user_id="WxLi", corp_id="ww1", at=5))
    element = reply.find("TemplateCard")

    assert element is not None
    assert card_of(element) == {name: value for name, value in card.items() if name != "task_id"}
    assert [reply.findtext(name) for name in ("ToUserName", "FromUserName", "CreateTime", "MsgType")] == [
        "WxLi",
        "ww1",
        "5",
        "update_template_card",
    ]


def test_text_of_any_characters() -> None:
    reply = ET.fromstring(replies.text_reply("a]]>b\x00\ud800<c>&", user_id="u", corp_id="ww", at=5))

    assert reply.findtext("Content") == "a]]>b<c>&"


def test_an_update_names_people_only_where_it_must() -> None:
    assert "userids" not in replies.card_update({})
    assert replies.card_update({}, only_for="WxLi")["userids"] == ["WxLi"]

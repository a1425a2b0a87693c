"""The link on a card: which one, and how each platform shows it."""

from __future__ import annotations

import pytest

from bot.dingtalk import forms
from bot.dingtalk import wording as dingtalk_words
from bot.wecom import template_cards
from bot.wecom import wording as wecom_words
from cards.templating import read_face
from chat.card import Card, dump_card, load_card, plain_text
from chat.events import Account, ChatKind, Conversation, Event, PlatformName
from handlers.asking import Asking
from handlers.board.link import board_link
from okr.policy import Policy
from storage import people
from storage.session import Session
from tests.bot.board.visitor import LI, Visitor
from tests.engines import MONDAY

LINK = "https://okr.example.com/board/in/abc"
FACE = read_face(f"# 西湖店 49%\n* 进度 | 49%\n[刷新](看板)\n~ 打开看板 | {LINK}\n")


def test_every_form_has_the_link() -> None:
    card = Card(FACE, live=True)

    assert f"[打开看板]({LINK})" in dingtalk_words.markdown_of(FACE)
    assert f"[打开看板]({LINK})" in forms.card_params(card)["markdown"]
    assert f"打开看板:{LINK}" in dingtalk_words.text_of(FACE)
    assert f'<a href="{LINK}">打开看板</a>' in wecom_words.text_of(FACE)
    assert f"[打开看板]({LINK})" in wecom_words.markdown_of(FACE)
    facts = template_cards.template_card(FACE, "l1", template_cards.APP)["horizontal_content_list"]
    assert facts[-1] == {"keyname": "网页", "value": "打开看板", "type": 1, "url": LINK}
    assert f"打开看板:{LINK}" in plain_text(FACE, numbered=True)
    assert load_card(dump_card(card)) == card


def test_without_an_address_there_is_no_link() -> None:
    assert read_face("# 好\n~ 打开看板 | \n").link is None


async def link_for(visitor: Visitor, kind: ChatKind, policy: Policy | None = None) -> str:
    async def make(session: Session) -> str:
        person = await people.by_number(session, LI)
        assert person is not None
        account = Account(PlatformName.DINGTALK, "dt-li")
        event = Event("e", MONDAY, account, Conversation(PlatformName.DINGTALK, "c", kind))
        held = policy or visitor.stage.application.policy()
        asking = Asking(event, person, session, held, visitor.stage.clock.now().astimezone(held.zone))
        return await board_link(asking, "/board/unit/西湖店")

    return await visitor.stage.database.transact(make)


async def test_in_private_it_signs_in_and_leads_to_its_page(visitor: Visitor) -> None:
    link = await link_for(visitor, ChatKind.PRIVATE)

    sheet = await visitor.get(link.removeprefix(visitor.base))

    assert link.startswith(f"{visitor.base}/board/in/")
    assert sheet.status == 200
    assert "西湖店" in sheet.words
    assert "李四" in sheet.words


async def test_in_a_group_it_signs_nobody_in(visitor: Visitor) -> None:
    link = await link_for(visitor, ChatKind.GROUP)

    assert link == f"{visitor.base}/board/unit/西湖店"
    assert (await visitor.get(link.removeprefix(visitor.base))).status == 401


async def test_where_people_cannot_reach_it_there_is_none(visitor: Visitor) -> None:
    assert await link_for(visitor, ChatKind.PRIVATE, Policy()) == ""


@pytest.mark.parametrize(("me", "status", "words"), [("E0102", 200, "李四的目标"), ("X0001", 401, "先登录")])
async def test_the_sandbox_leads_whom_one_plays_to_the_board(
    visitor: Visitor, me: str, status: int, words: str
) -> None:
    sheet = await visitor.get(f"/sandbox/board?me={me}")

    assert sheet.status == status
    assert words in sheet.words

"""What the house may rely on, whichever platform and gateway it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from chat.card import Button, Card, Face
from chat.errors import Rejected, Unreachable
from chat.events import ChatKind, Click, Message, MessageKind
from chat.platform import Receipt
from tests.bot.cupboard import DOT, MAP, SHEET
from tests.contract.platforms import (
    GATEWAYS,
    RATE_LIMITED,
    SERVER_ERROR,
    SPENT_TOKEN,
    opened,
)

WINDOW = {"dingtalk": 2.0, "wecom": 5.0}
"""Seconds within which a press must be answered."""
PLAIN = Card(Face("KR34 到 70% 了", lines=("O12 31% → **36%**",)))
ASKS = Card(
    Face(
        "记成 1,070 吗?",
        buttons=(Button("是的", "%E7%A1%AE", "确认 更新 KR34 1070"), Button("不是", "never", "算了")),
    ),
    live=True,
    asks=True,
)
PICTURE = replace(PLAIN, picture=MAP.ref, in_words=Face("KR34 到 70% 了", lines=("├ KR34 70%",)))
FILE = Card(Face("📎 我的数据.xlsx"), file=SHEET.ref, in_words=Face("「我的数据.xlsx」在这里发不出来"))
DONE = Card(Face("记上了 1,070"), live=True)

everywhere = pytest.mark.parametrize("name", GATEWAYS)
in_groups = pytest.mark.parametrize("name", [name for name in GATEWAYS if name != "wecom-app"])


@everywhere
async def test_a_message_is_read(name: str) -> None:
    async with opened(name) as gateway:
        await gateway.say("李四", "更新 KR34 70%")
        [event] = await gateway.heard()

        assert isinstance(event, Message)
        assert (event.text, event.kind, event.mentions) == ("更新 KR34 70%", MessageKind.TEXT, ())
        assert event.sender.key == (gateway.user("李四").lower() if name != "dingtalk" else "dt-li")
        assert (event.sender.platform, event.conversation.platform) == (gateway.platform_name,) * 2
        assert event.conversation.kind is ChatKind.PRIVATE
        assert event.event_id.startswith(str(gateway.platform_name))
        assert event.at.utcoffset() == timedelta(0)
        assert abs(event.at - gateway.at.clock.now()) < timedelta(seconds=5)


@in_groups
async def test_a_mention_in_a_group_is_read_without_the_bots_name(name: str) -> None:
    async with opened(name) as gateway:
        await gateway.say("李四", "查看 KR34", group=True)
        [event] = await gateway.heard()

        assert isinstance(event, Message)
        assert event.text == "查看 KR34"
        assert (event.conversation.id, event.conversation.kind) == (gateway.group, ChatKind.GROUP)


@everywhere
async def test_an_answer_stands_where_it_was_asked(name: str) -> None:
    async with opened(name) as gateway:
        gateway.answers(PLAIN)
        await gateway.say("李四", "我的目标")
        [bubble] = await gateway.shown(gateway.chat("李四"))

        assert "KR34 到 70% 了" in bubble.title + bubble.text
        assert not gateway.from_bot(gateway.chat("王店"))


@in_groups
async def test_an_answer_in_a_group_stands_in_the_group(name: str) -> None:
    async with opened(name) as gateway:
        gateway.answers(PLAIN)
        await gateway.say("李四", "我的目标", group=True)
        [bubble] = await gateway.shown(gateway.group)

        assert "KR34 到 70% 了" in bubble.title + bubble.text
        assert not gateway.from_bot(gateway.chat("李四"))


@everywhere
async def test_a_press_brings_its_action_back_and_the_card_is_redrawn_in_time(name: str) -> None:
    async with opened(name) as gateway:
        gateway.answers(ASKS, redraw=DONE)
        await gateway.say("李四", "更新 KR34 1070")
        [card] = await gateway.shown(gateway.chat("李四"))
        seconds = await gateway.press("李四", card, "是的")
        _, click = await gateway.heard(2)

        assert isinstance(click, Click)
        assert (click.action, click.card_ref) == ("%E7%A1%AE", card.card_ref)
        assert click.sender.key == gateway.events[0].sender.key
        assert click.conversation.kind is ChatKind.PRIVATE
        assert seconds < WINDOW[str(gateway.platform_name)]
        face = gateway.from_bot(gateway.chat("李四"))[0].seen_by(gateway.user("李四"))
        assert "记上了 1,070" in face.title + face.text
        assert not [button for button in face.buttons if button.label == "是的"]


@pytest.mark.parametrize(
    ("name", "kind"),
    # WeCom tells its app of no files.
    [
        (name, kind)
        for name in GATEWAYS
        for kind in ("image", "file")
        if (name, kind) != ("wecom-app", "file")
    ],
)
async def test_what_cannot_be_read_is_heard_all_the_same(name: str, kind: str) -> None:
    async with opened(name) as gateway:
        await gateway.say("李四", kind=kind)
        [event] = await gateway.heard()

        assert isinstance(event, Message)
        expected = {"image": MessageKind.UNREADABLE, "file": MessageKind.FILE}[kind]
        assert (event.kind, event.text) == (expected, "")


@everywhere
async def test_a_voice_is_its_words_where_the_platform_tells_them(name: str) -> None:
    async with opened(name) as gateway:
        await gateway.say("李四", kind="voice", voice="可二八 一千零五十")
        [event] = await gateway.heard()

        assert isinstance(event, Message)
        expected = (
            (MessageKind.UNREADABLE, "") if name == "wecom-app" else (MessageKind.VOICE, "可二八 一千零五十")
        )
        assert (event.kind, event.text) == expected


@everywhere
async def test_a_push_reaches_its_person_with_its_choices(name: str) -> None:
    async with opened(name) as gateway:
        receipt = await gateway.push("王店", ASKS)
        [bubble] = await gateway.shown(gateway.chat("王店", pushed=True))

        assert isinstance(receipt, Receipt)
        assert receipt.buttons
        assert receipt.calls >= 1
        assert bubble.card_ref == "okr-7"
        assert [button.label for button in bubble.buttons][:2] == ["是的", "不是"]


@everywhere
async def test_a_second_attempt_shows_no_second_copy(name: str) -> None:
    async with opened(name) as gateway:
        await gateway.push("王店", ASKS)
        await gateway.push("王店", ASKS)
        await asyncio.sleep(0.02)

        assert len(gateway.from_bot(gateway.chat("王店", pushed=True))) == 1


@everywhere
async def test_whom_the_platform_does_not_know_is_refused_for_good(name: str) -> None:
    async with opened(name) as gateway:
        failed = await gateway.push("没有这个人", PLAIN)

        assert isinstance(failed, Rejected)
        assert failed.receiver
        assert failed.code


@everywhere
@pytest.mark.parametrize("how", [RATE_LIMITED, SERVER_ERROR, SPENT_TOKEN])
async def test_what_may_work_later_says_so(name: str, how: str) -> None:
    async with opened(name) as gateway:
        gateway.goes_wrong(how)
        failed = await gateway.push("李四", PLAIN)

        assert isinstance(failed, Unreachable)
        assert failed.reason
        assert not gateway.from_bot(gateway.chat("李四", pushed=True))


@everywhere
async def test_a_repeat_has_the_same_event_id_and_is_answered_once(name: str) -> None:
    async with opened(name) as gateway:
        gateway.answers(PLAIN)
        gateway.comes_twice()
        await gateway.say("李四", "更新 KR34 70%")
        first, second = await gateway.heard(2)
        await asyncio.sleep(0.05)

        assert first.event_id == second.event_id
        assert len(gateway.from_bot(gateway.chat("李四"))) == 1


@everywhere
async def test_two_equal_messages_are_two_events(name: str) -> None:
    async with opened(name) as gateway:
        await gateway.say("李四", "更新 KR34 +1")
        await gateway.say("李四", "更新 KR34 +1")
        first, second = await gateway.heard(2)

        assert first.event_id != second.event_id


@everywhere
async def test_a_broken_connection_is_survived(name: str) -> None:
    async with opened(name) as gateway:
        gateway.answers(PLAIN)
        await gateway.drop()
        async with asyncio.timeout(30):
            while not gateway.from_bot(gateway.chat("李四")):
                # What is said while nothing is connected is lost on some platforms: people say it again.
                await gateway.say("李四", "我的目标")
                await asyncio.sleep(0.05)

        assert gateway.connected()


@pytest.mark.parametrize(
    ("name", "in_group"),
    # WeCom's app is in no group.
    [(name, group) for name in GATEWAYS for group in (False, True) if (name, group) != ("wecom-app", True)],
)
async def test_an_answer_stands_beside_its_picture(name: str, in_group: bool) -> None:
    async with opened(name) as gateway:
        gateway.answers(PICTURE)
        await gateway.say("李四", "目标地图", group=in_group)
        chat = gateway.group if in_group else gateway.chat("李四")
        shown = await gateway.shown(chat, 2 if name in {"wecom-app", "wecom-robot"} else 1)

        assert gateway.seen(chat) == [DOT]
        assert ["KR34 到 70% 了" in bubble.title + bubble.text for bubble in shown][-1]
        assert gateway.at.fake.complaints == []


@everywhere
async def test_a_picture_is_pushed_and_uploaded_once(name: str) -> None:
    async with opened(name) as gateway:
        for _ in range(2):
            receipt = await gateway.push("王店", PICTURE)
            assert isinstance(receipt, Receipt)
            assert receipt.rest is None

        assert gateway.seen(gateway.chat("王店", pushed=True)) == [DOT, DOT]
        assert len(gateway.at.ears.files.uploads) == 1


@everywhere
async def test_where_there_is_no_picture_there_are_words(name: str) -> None:
    async with opened(name) as gateway:
        gateway.at.ears.files.files.clear()
        gateway.answers(PICTURE)
        await gateway.say("李四", "目标地图")
        [bubble] = await gateway.shown(gateway.chat("李四"))

        assert "├ KR34 70%" in bubble.text


@everywhere
async def test_a_file_is_a_message_of_its_own(name: str) -> None:
    async with opened(name) as gateway:
        receipt = await gateway.push("王店", FILE)
        [bubble] = await gateway.shown(gateway.chat("王店", pushed=True))

        assert isinstance(receipt, Receipt)
        assert (receipt.form, bubble.kind) == ("file", "file")
        assert gateway.seen(gateway.chat("王店", pushed=True)) == [SHEET.content]


@everywhere
@pytest.mark.parametrize("card", [PICTURE, FILE], ids=["picture", "file"])
@pytest.mark.parametrize("how", [RATE_LIMITED, SPENT_TOKEN])
async def test_a_picture_or_file_that_may_go_later_says_so_and_shows_nothing(
    name: str, card: Card, how: str
) -> None:
    async with opened(name) as gateway:
        gateway.goes_wrong(how)
        failed = await gateway.push("李四", card)

        assert isinstance(failed, Unreachable)
        assert not gateway.from_bot(gateway.chat("李四", pushed=True))


@everywhere
async def test_whom_the_platform_does_not_know_gets_no_file_either(name: str) -> None:
    async with opened(name) as gateway:
        failed = await gateway.push("没有这个人", FILE)

        assert isinstance(failed, Rejected)
        assert failed.receiver

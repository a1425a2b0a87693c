from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from chat.card import Card, Face
from chat.events import ChatKind, Click, Message, MessageKind, Opened
from chat.platform import Heard
from sandbox.fake_wecom.crypto import Seal
from tests.bot.wecom.office import (
    AT_ONCE,
    CORP,
    DONE,
    KEY,
    LIVE,
    PLAIN,
    SLOW,
    START,
    TOKEN,
    Office,
    office,
    until,
)

APP_CHAT = "app:WxLi"


async def test_the_console_finds_the_address_to_be_ours() -> None:
    async with office() as at:
        assert await at.fake.verify_app()


async def test_a_message_is_answered_in_the_response_and_costs_no_call() -> None:
    async with office() as at:
        at.answers(PLAIN)
        await at.fake.say("WxLi", "我的目标")
        await until(lambda: at.ears.receipts)

        [event] = at.ears.events
        assert isinstance(event, Message)
        assert (event.text, event.sender.user_id, event.conversation.kind) == (
            "我的目标",
            "WxLi",
            ChatKind.PRIVATE,
        )
        assert event.route == {"via": "app"}
        assert event.at == START
        [bubble] = at.from_bot(APP_CHAT)
        assert (bubble.kind, bubble.text) == ("text", "KR34 到 70% 了\nO12 31% → 36%\n可以说:我的目标")
        [receipt] = at.ears.receipts
        assert (receipt.form, receipt.buttons, receipt.calls) == ("text", False, 0)
        assert at.fake.requests[1:] == []  # nothing but the first token
        assert at.fake.complaints == []


async def test_a_card_with_a_choice_goes_out_by_the_api() -> None:
    async with office() as at:
        at.answers(LIVE)
        await at.fake.say("WxLi", "待办")
        [bubble] = await at.shown(APP_CHAT)

        assert bubble.kind == "template_card"
        assert [button.label for button in bubble.buttons] == ["同意", "驳回"]
        await until(lambda: at.ears.receipts)
        assert at.ears.receipts[0].buttons


async def test_an_opened_chat_and_a_picture_are_heard() -> None:
    async with office() as at:
        at.answers(PLAIN)
        assert await at.fake.open_chat("WxLi")
        await at.fake.say("WxLi", kind="image")

        opened, picture = at.ears.events
        assert isinstance(opened, Opened)
        assert isinstance(picture, Message)
        assert (picture.kind, picture.unreadable) == (MessageKind.UNREADABLE, "图片")
        assert len(at.from_bot(APP_CHAT)) == 2


async def test_a_click_redraws_the_card_for_who_pressed_it() -> None:
    async with office() as at:
        at.answers(LIVE, redraw=DONE, clicked=PLAIN)
        await at.fake.say("WxLi", "待办")
        [card] = await at.shown(APP_CHAT)
        pressed = await at.fake.press("WxLi", card.id, "同意")
        card, after = await at.shown(APP_CHAT, 2)

        assert (pressed.acked, pressed.updated) == (True, True)
        click = at.ears.events[-1]
        assert isinstance(click, Click)
        assert (click.action, click.card_ref) == ("ok:R8", card.card_ref)
        assert card.seen_by("WxLi").title == "你批了 R8"
        assert card.seen_by("WxWang").title == "李四想改 KR34 的目标"
        assert after.text.startswith("KR34 到 70% 了")
        assert at.fake.complaints == []


async def test_a_click_without_a_new_face_leaves_a_spent_button() -> None:
    async with office() as at:
        at.answers(LIVE, clicked=PLAIN)
        await at.fake.say("WxLi", "待办")
        [card] = await at.shown(APP_CHAT)
        pressed = await at.fake.press("WxLi", card.id, "驳回")

        assert pressed.updated
        mine = at.from_bot(APP_CHAT)[0].seen_by("WxLi")
        assert (mine.buttons, mine.content["replace_text"]) == ((), "已收到")


async def test_a_lost_answer_is_given_again_and_nothing_is_done_twice() -> None:
    async with office() as at:
        at.answers(PLAIN)
        at.fake.faults.lose_replies = 1
        await at.fake.say("WxLi", "更新 KR34 1070")

        first, second = at.ears.events
        assert first.event_id == second.event_id
        assert len(at.ears.known) == 1
        assert len(at.from_bot(APP_CHAT)) == 1


async def test_a_repeated_message_whose_card_went_by_the_api_is_not_sent_again() -> None:
    async with office() as at:
        at.answers(LIVE)
        at.fake.faults.lose_replies = 1
        await at.fake.say("WxLi", "待办")
        await at.shown(APP_CHAT)
        await asyncio.sleep(0.02)

        assert len(at.ears.events) == 2
        assert [request.name for request in at.fake.requests].count("message/send") == 1


async def test_a_repeated_click_is_answered_with_the_same_new_face() -> None:
    async with office() as at:
        at.answers(LIVE, redraw=DONE, clicked=PLAIN)
        await at.fake.say("WxLi", "待办")
        [card] = await at.shown(APP_CHAT)
        at.fake.faults.lose_replies = 1
        pressed = await at.fake.press("WxLi", card.id, "同意")
        await at.shown(APP_CHAT, 2)
        await asyncio.sleep(0.02)

        assert pressed.updated
        assert len(at.from_bot(APP_CHAT)) == 2  # the card, and one word after it


async def test_two_clicks_of_one_second_are_two_events() -> None:
    async with office() as at:
        at.answers(LIVE)
        await at.fake.say("WxLi", "待办")
        [card] = await at.shown(APP_CHAT)
        at.ears.answer = lambda _event: Heard()
        await asyncio.gather(at.fake.press("WxLi", card.id, "同意"), at.fake.press("WxLi", card.id, "驳回"))

        assert len({event.event_id for event in at.ears.events}) == 3


async def test_what_is_heard_too_slowly_is_answered_by_the_api() -> None:
    async with office(patience=AT_ONCE) as at:
        at.answers(PLAIN)
        at.ears.slow = SLOW
        await at.fake.say("WxLi", "周报")
        assert at.from_bot(APP_CHAT) == []
        [bubble] = await at.shown(APP_CHAT)

        assert bubble.text.startswith("KR34 到 70% 了")
        assert len(at.ears.events) == 1  # an empty 200 came in time, so nothing was repeated
        assert at.fake.requests[-1].name == "message/send"


async def test_a_slow_click_is_redrawn_by_its_response_code() -> None:
    async with office(patience=AT_ONCE) as at:
        at.answers(LIVE, redraw=DONE)
        await at.fake.say("WxLi", "待办")
        [card] = await at.shown(APP_CHAT)
        at.ears.slow = SLOW
        pressed = await at.fake.press("WxLi", card.id, "同意")
        await until(lambda: at.from_bot(APP_CHAT)[0].faces)

        assert not pressed.updated
        assert at.from_bot(APP_CHAT)[0].seen_by("WxLi").title == "你批了 R8"


async def test_a_failure_makes_wecom_repeat() -> None:
    async with office() as at:
        at.answers(PLAIN)
        at.ears.broken = 2
        await at.fake.say("WxLi", "更新 KR34 1070")

        assert at.ears.broken == 0
        assert len(at.from_bot(APP_CHAT)) == 1


async def test_a_replica_that_stands_by_answers_too() -> None:
    async with office(run=False) as at:
        at.answers(LIVE)
        at.platform.listen(at.ears)
        await at.fake.say("WxLi", "待办")

        assert await at.shown(APP_CHAT)
        await at.platform.close()


async def test_nothing_is_taken_before_somebody_listens() -> None:
    async with office(run=False) as at:
        assert not await at.fake.verify_app()


async def test_words_that_end_a_cdata_section_come_through() -> None:
    async with office() as at:
        at.answers(Card(Face("a ]]> b <xml> & \x0b c")))
        await at.fake.say("WxLi", "<!DOCTYPE x> ]]> & 1 < 2")

        assert isinstance(at.ears.events[0], Message)
        assert at.ears.events[0].text == "<!DOCTYPE x> ]]> & 1 < 2"
        assert at.from_bot(APP_CHAT)[0].text == "a ]]> b <xml> &  c"


BOMB = (
    "<?xml version='1.0'?><!DOCTYPE xml [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>"
    "<xml><ToUserName>ww</ToUserName><Encrypt>&b;</Encrypt></xml>"
)
INNER_BOMB = (
    "<!DOCTYPE xml [<!ENTITY a 'ha'>]><xml><ToUserName>ww</ToUserName><FromUserName>u</FromUserName>"
    "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>&a;</Content><MsgId>1</MsgId></xml>"
)


@pytest.mark.parametrize(
    ("status", "change"),
    [
        (403, {"token": "another"}),
        (403, {"receiver": "wwSomebodyElse"}),
        (403, {"age": 301}),
        (403, {"age": -301}),
        (403, {"signature": ""}),
        (403, {"timestamp": "soon"}),
        (403, {"encrypted": "AAAA"}),
        (413, {"body": b"<xml>" + b" " * 65536 + b"</xml>"}),
        (413, {"body": b"<xml>" + b" " * 65536 + b"</xml>", "chunked": True}),
        (400, {"body": b"not xml at all"}),
        (400, {"body": b"\xff\xfe<xml>"}),
        (400, {"body": b"<xml><ToUserName>ww</ToUserName></xml>"}),
        (400, {"body": BOMB.encode()}),
        (400, {"inner": INNER_BOMB}),
        (400, {"inner": "<xml><MsgType>text</MsgType></xml>"}),
        (400, {"inner": "<xml><MsgType>text"}),
        (200, {}),
    ],
)
async def test_what_is_not_wecoms_is_turned_away_and_nothing_is_done(
    status: int, change: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    async with office() as at:
        assert await post(at, **change) == status  # type: ignore[arg-type] # a table of keyword arguments

        assert len(at.ears.events) == (status == 200)
        assert capsys.readouterr().out.count("callback refused") == (status != 200)


GOOD = (
    f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>WxLi</FromUserName><CreateTime>1700000000</CreateTime>"
    "<MsgType>text</MsgType><Content>hi</Content><MsgId>1</MsgId><AgentID>1000002</AgentID></xml>"
)


async def post(
    at: Office,
    *,
    token: str = TOKEN,
    receiver: str = CORP,
    age: int = 0,
    inner: str = GOOD,
    signature: str | None = None,
    timestamp: str = "",
    encrypted: str = "",
    body: bytes = b"",
    chunked: bool = False,
) -> int:
    seal = Seal(token, KEY, receiver)
    encrypted = encrypted or seal.encrypt(inner)
    timestamp = timestamp or str(int(at.clock.now().timestamp()) - age)
    signed = seal.sign(timestamp, "n1", encrypted) if signature is None else signature
    query = {"msg_signature": signed, "timestamp": timestamp, "nonce": "n1"}
    sent = body or f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()

    async def pieces() -> AsyncIterator[bytes]:
        yield sent

    async with aiohttp.ClientSession() as session:
        data = pieces() if chunked else sent
        async with session.post(f"{at.url}/wecom/app", params=query, data=data) as response:
            return response.status

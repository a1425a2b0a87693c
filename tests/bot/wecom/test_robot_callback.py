from __future__ import annotations

import json

import aiohttp
import pytest

from chat.errors import Rejected
from chat.events import ChatKind, Conversation, Opened, PlatformName
from sandbox.fake_wecom.crypto import Seal
from tests.bot.wecom.office import (
    AT_ONCE,
    DONE,
    GROUP,
    LATER,
    LIVE,
    PLAIN,
    ROBOT_KEY,
    ROBOT_TOKEN,
    SLOW,
    office,
    parcel_for,
    posted_in,
    until,
)

PRIVATE = "robot:WxLi"


async def test_the_console_finds_the_address_to_be_ours() -> None:
    async with office("callback") as at:
        assert await at.fake.verify_robot()


async def test_a_mention_is_answered_in_the_response_as_a_finished_stream() -> None:
    async with office("callback") as at:
        at.answers(PLAIN)
        await at.fake.say("WxLi", "我的目标", group=GROUP)
        await until(lambda: at.ears.receipts)

        [bubble] = at.from_bot(GROUP)
        assert bubble.text == "**KR34 到 70% 了**\nO12 31% → **36%**\n可以说:我的目标"
        assert (at.ears.receipts[0].form, at.ears.receipts[0].calls) == ("stream", 0)
        assert at.fake.complaints == []


async def test_an_opened_chat_is_welcomed_with_text() -> None:
    async with office("callback") as at:
        at.answers(PLAIN)
        assert await at.fake.open_chat("WxLi", "robot")

        assert isinstance(at.ears.events[0], Opened)
        assert [bubble.kind for bubble in at.from_bot(PRIVATE)] == ["text"]
        assert at.fake.complaints == []


async def test_a_click_redraws_the_card_in_the_response_and_the_rest_follows() -> None:
    async with office("callback") as at:
        at.answers(LIVE, redraw=DONE, clicked=PLAIN)
        await at.fake.say("WxLi", "待办", group=GROUP)
        [card] = at.from_bot(GROUP)
        pressed = await at.fake.press("WxWang", card.id, "同意")
        card, after = await at.shown(GROUP, 2)

        assert (pressed.acked, pressed.updated) == (True, True)
        assert card.title == "你批了 R8"
        assert after.kind == "markdown"
        assert at.fake.complaints == []


async def test_a_slow_answer_comes_by_the_response_url_and_only_once() -> None:
    async with office("callback", patience=AT_ONCE) as at:
        at.answers(PLAIN)
        at.ears.slow = SLOW
        await at.fake.say("WxLi", "周报", group=GROUP)
        await at.shown(GROUP)
        assert at.fake.requests[-1].name == "aibot/response"

        with pytest.raises(Rejected):
            await at.platform.deliver(parcel_for(at.ears.events[0], PLAIN))


async def test_a_person_is_reached_through_the_app_when_the_hour_is_over() -> None:
    async with office("callback") as at:
        await at.fake.say("WxLi", "周报", via="robot")
        at.clock.wind(LATER)
        await at.platform.deliver(parcel_for(at.ears.events[0], LIVE))

        assert [bubble.kind for bubble in at.from_bot("app:WxLi")] == ["template_card"]


async def test_a_slow_card_is_a_card_in_private_and_words_in_a_group() -> None:
    async with office("callback", patience=AT_ONCE) as at:
        at.answers(LIVE)
        at.ears.slow = SLOW
        await at.fake.say("WxLi", "待办", via="robot")
        await at.fake.say("WxLi", "待办", group=GROUP)
        [card], [words] = await at.shown(PRIVATE), await at.shown(GROUP)

        assert (card.kind, words.kind) == ("template_card", "markdown")


async def test_nothing_can_be_pushed_to_a_group() -> None:
    async with office("callback") as at:
        with pytest.raises(Rejected):
            await at.platform.deliver(
                posted_in(Conversation(PlatformName.WECOM, GROUP, ChatKind.GROUP), PLAIN)
            )


async def test_a_lost_answer_is_given_again() -> None:
    async with office("callback") as at:
        at.answers(PLAIN)
        at.fake.faults.lose_replies = 1
        await at.fake.say("WxLi", "更新 KR34 1070", via="robot")

        assert len(at.ears.events) == 2
        assert len(at.from_bot(PRIVATE)) == 1


@pytest.mark.parametrize(
    ("status", "receiver", "age", "inner", "body"),
    [
        (403, "wwSomebody", 0, "{}", None),
        (403, "", 400, "{}", None),
        (400, "", 0, "[1]", None),
        (400, "", 0, "{", None),
        (400, "", 0, '{"msgtype":"text"}', None),
        (400, "", 0, "{}", b"[]"),
        (400, "", 0, "{}", b"{" * 60000),
        (413, "", 0, "{}", b" " * 70000),
    ],
)
async def test_what_is_not_wecoms_is_turned_away(
    status: int, receiver: str, age: int, inner: str, body: bytes | None
) -> None:
    async with office("callback") as at, aiohttp.ClientSession() as session:
        seal = Seal(ROBOT_TOKEN, ROBOT_KEY, receiver)
        encrypted = seal.encrypt(inner)
        timestamp = str(int(at.clock.now().timestamp()) - age)
        query = {
            "msg_signature": seal.sign(timestamp, "n", encrypted),
            "timestamp": timestamp,
            "nonce": "n",
        }
        sent = json.dumps({"encrypt": encrypted}).encode() if body is None else body
        async with session.post(f"{at.url}/wecom/robot", params=query, data=sent) as response:
            assert response.status == status
        assert at.ears.events == []

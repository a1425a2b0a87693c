from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.wecom.robot_gateway import robot_card
from chat.card import Button, Card, Face
from chat.errors import Rejected, Unreachable
from chat.events import ChatKind, Conversation, Message, MessageKind, Opened, PlatformName
from sandbox.fake_wecom import FakeWeCom
from tests.bot.wecom.office import (
    DONE,
    GROUP,
    LATER,
    LIVE,
    PLAIN,
    QUICK,
    SOON_SURE,
    Office,
    letter_to,
    office,
    parcel_for,
    posted_in,
    until,
)

PRIVATE = "robot:WxLi"
THE_GROUP = Conversation(PlatformName.WECOM, GROUP, ChatKind.GROUP)


def asked(fake: FakeWeCom) -> list[tuple[str, int]]:
    """What the robot sent over its socket, without the heartbeat, and the codes it got."""
    return [(r.name, r.errcode) for r in fake.requests if r.name.startswith("aibot_")]


async def test_a_mention_in_a_group_is_answered_there() -> None:
    async with office("websocket") as at:
        at.answers(PLAIN)
        await at.fake.say("WxLi", "查看 KR34 @王店", group=GROUP)
        [bubble] = await at.shown(GROUP)

        [event] = at.ears.events
        assert isinstance(event, Message)
        assert (event.text, event.conversation.id, event.conversation.kind) == (
            "查看 KR34 @王店",
            GROUP,
            ChatKind.GROUP,
        )
        assert bubble.kind == "markdown"
        assert bubble.text.startswith("**KR34 到 70% 了**\n")
        assert asked(at.fake)[1:] == [("aibot_respond_msg", 0)]


async def test_talk_in_a_group_without_a_mention_is_not_heard() -> None:
    async with office("websocket") as at:
        await at.fake.say("WxLi", "吃饭去", group=GROUP, at_bot=False)
        await at.fake.say("WxLi", "帮助", group=GROUP)
        await until(lambda: at.ears.events)

        assert [event.text for event in at.ears.events if isinstance(event, Message)] == ["帮助"]


async def test_a_quote_and_a_voice_are_read_in_the_private_chat() -> None:
    async with office("websocket") as at:
        at.answers(PLAIN)
        await at.fake.say("WxLi", kind="voice", voice_text="可二三十四 一千零五十", via="robot")
        [bubble] = await at.shown(PRIVATE)
        await at.fake.say("WxLi", "为什么", via="robot", quotes=bubble.id)
        await at.shown(PRIVATE, 2)

        voice, quoting = at.ears.events
        assert isinstance(voice, Message)
        assert isinstance(quoting, Message)
        assert (voice.kind, voice.text) == (MessageKind.VOICE, "可二三十四 一千零五十")
        assert quoting.quote is not None
        assert quoting.quote.text.startswith("**KR34 到 70% 了**")


async def test_an_opened_chat_is_welcomed_in_the_answer_to_its_opening() -> None:
    async with office("websocket") as at:
        at.answers(PLAIN)
        assert await at.fake.open_chat("WxLi", "robot")
        [bubble] = await at.shown(PRIVATE)

        assert isinstance(at.ears.events[0], Opened)
        assert (bubble.kind, asked(at.fake)[-1]) == ("text", ("aibot_respond_welcome_msg", 0))


async def test_a_click_in_a_group_redraws_the_card_for_everybody() -> None:
    async with office("websocket") as at:
        at.answers(LIVE, redraw=DONE, clicked=PLAIN)
        await at.fake.say("WxLi", "待办", group=GROUP)
        [card] = await at.shown(GROUP)
        pressed = await at.fake.press("WxWang", card.id, "同意")
        card, after = await at.shown(GROUP, 2)

        assert (pressed.acked, pressed.updated) == (True, True)
        assert (card.title, card.faces) == ("你批了 R8", {})
        assert after.text.startswith("**KR34 到 70% 了**")
        # A click takes nothing but the update of its card: what is said besides is pushed.
        assert asked(at.fake)[-2:] == [("aibot_respond_update_msg", 0), ("aibot_send_msg", 0)]


async def test_a_click_in_the_private_chat_names_the_one_person() -> None:
    async with office("websocket") as at:
        at.answers(LIVE, redraw=DONE)
        await at.fake.say("WxLi", "待办", via="robot")
        [card] = await at.shown(PRIVATE)
        assert (await at.fake.press("WxLi", card.id, "同意")).updated

        assert at.fake.requests[-1].body["userids"] == ["WxLi"]
        assert at.from_bot(PRIVATE)[0].seen_by("WxLi").title == "你批了 R8"


async def test_a_message_that_comes_twice_is_done_and_answered_once() -> None:
    async with office("websocket") as at:
        at.answers(PLAIN)
        at.fake.faults.twice = True
        await at.fake.say("WxLi", "更新 KR34 1070", via="robot")
        await until(lambda: len(at.ears.events) == 2)
        await asyncio.sleep(0.02)

        assert len(at.from_bot(PRIVATE)) == 1


async def test_what_is_heard_slowly_still_answers_its_message() -> None:
    async with office("websocket") as at:
        at.answers(PLAIN)
        at.ears.slow = 0.4
        await at.fake.say("WxLi", "周报", group=GROUP)
        await at.shown(GROUP)

        assert asked(at.fake)[-1] == ("aibot_respond_msg", 0)


@pytest.mark.parametrize("how", ["a day later", "after another connection"])
async def test_an_answer_whose_way_is_spent_is_pushed(how: str) -> None:
    async with office("websocket") as at:
        await at.fake.say("WxLi", "周报", group=GROUP)
        await until(lambda: at.ears.events)
        if how == "a day later":
            at.clock.wind(LATER)
        else:
            await reconnected(at)
        receipt = await at.platform.deliver(parcel_for(at.ears.events[0], PLAIN))

        assert receipt.form == "markdown"
        assert asked(at.fake)[-1] == ("aibot_send_msg", 0)
        assert len(at.from_bot(GROUP)) == 1


async def test_a_dropped_connection_comes_back() -> None:
    async with office("websocket") as at:
        at.answers(PLAIN)
        await reconnected(at)
        await at.fake.say("WxLi", "帮助", group=GROUP)

        assert await at.shown(GROUP)
        assert at.platform.state()["robot"] == "ok"


async def test_a_connection_that_says_nothing_any_more_is_replaced() -> None:
    async with office("websocket", pace=SOON_SURE) as at:
        at.fake.faults.mute = True
        await until(lambda: at.platform.state()["robot"] != "ok")
        at.fake.faults.mute = False
        await until(lambda: at.platform.state()["robot"] == "ok")

        assert at.fake.robot_server.connections >= 2


async def test_pushed_out_by_a_newer_connection_it_stays_away_until_asked() -> None:
    async with office("websocket") as at:
        await at.fake.robot_server.kick()
        await until(lambda: at.platform.state()["robot"] == "kicked")
        await asyncio.sleep(0.1)
        assert at.fake.robot_server.connections == 1
        with pytest.raises(Unreachable) as refused:
            await at.platform.deliver(posted_in(THE_GROUP, PLAIN))
        assert refused.value.after is None

        at.platform.reconnect()
        await until(lambda: at.platform.state()["robot"] == "ok")
        assert at.fake.robot_server.connections == 2


async def test_what_is_due_before_the_robot_is_connected_is_due_again_soon() -> None:
    """After a restart the letters are there before the connection is: they need not wait as for a failure."""
    async with office("websocket", run=False) as at:
        with pytest.raises(Unreachable) as refused:
            await at.platform.deliver(posted_in(THE_GROUP, PLAIN))

        assert refused.value.after is not None
        assert refused.value.after.total_seconds() <= QUICK.backoff


async def test_wrong_credentials_stop_the_robot() -> None:
    async with office("websocket") as at:
        at.fake.robot_server._chats.robot = type(at.fake.robot)(bot_id="aib-1", secret="changed")
        await at.fake.robot_server.drop()
        await until(lambda: at.platform.state()["robot"] == "refused: 853000")
        attempts = [r for r in at.fake.requests if r.name == "aibot_subscribe"]
        await asyncio.sleep(0.1)

        assert [r for r in at.fake.requests if r.name == "aibot_subscribe"] == attempts


async def test_a_card_that_is_refused_in_a_group_is_posted_as_words() -> None:
    async with office("websocket") as at:
        await at.fake.say("WxLi", "hi", group=GROUP)
        at.fake.faults.group_cards = False
        receipt = await at.platform.deliver(posted_in(THE_GROUP, LIVE))
        [bubble] = await at.shown(GROUP)

        assert (receipt.form, receipt.buttons, receipt.calls) == ("markdown", False, 2)
        assert "回数字:1 同意 · 2 驳回" in bubble.text


async def test_a_group_that_never_used_the_robot_cannot_be_posted_to() -> None:
    async with office("websocket") as at:
        with pytest.raises(Rejected) as refused:
            await at.platform.deliver(posted_in(THE_GROUP, PLAIN))

        assert (refused.value.code, refused.value.receiver) == ("93001", True)


async def test_whom_the_robot_cannot_reach_the_app_can() -> None:
    async with office("websocket") as at:
        chat = Conversation(PlatformName.WECOM, "WxWang", ChatKind.PRIVATE)
        event = Message("wecom:robot:1", at.clock.now(), None, chat, {"via": "robot", "req_id": "gone"})  # type: ignore[arg-type] # the sender is not read
        await at.platform.deliver(parcel_for(event, PLAIN))

        assert len(at.from_bot("app:WxWang")) == 1


async def test_the_limit_of_a_chat_means_a_minute_later() -> None:
    async with office("websocket") as at:
        await at.fake.say("WxLi", "hi", group=GROUP)
        for number in range(30):
            await at.platform.deliver(posted_in(THE_GROUP, PLAIN, ref=f"okr-{number}"))
        with pytest.raises(Unreachable) as refused:
            await at.platform.deliver(posted_in(THE_GROUP, PLAIN, ref="okr-30"))

        assert refused.value.after is not None
        assert refused.value.after.total_seconds() == 60


@pytest.mark.parametrize(("card", "answering"), [(PLAIN, True), (LIVE, True), (LIVE, False)])
async def test_a_lost_ack_does_not_show_it_twice(card: Card, answering: bool) -> None:
    async with office("websocket") as at:
        await at.fake.say("WxLi", "hi", group=GROUP)
        await until(lambda: at.ears.events)
        parcel = parcel_for(at.ears.events[0], card)
        if not answering:
            parcel = replace(parcel, route={})
        with at.robot_unheard(), pytest.raises(Unreachable):
            await at.platform.deliver(parcel)
        receipt = await at.platform.deliver(replace(parcel, attempt=2))

        assert receipt.buttons == (card is LIVE)
        assert len(at.from_bot(GROUP)) == 1


async def test_frames_for_one_message_wait_for_each_other() -> None:
    async with office("websocket") as at:
        await at.fake.say("WxLi", "hi", group=GROUP)
        await until(lambda: at.ears.events)
        at.fake.faults.slow = 0.01
        event = at.ears.events[0]
        cards = [Card(Face(f"第 {n} 条")) for n in range(3)]
        parcels = [parcel_for(event, card) for card in cards]
        socket = at.platform._robot.socket  # type: ignore[union-attr] # this office has a robot
        await asyncio.gather(
            *(
                socket.command("aibot_respond_msg", _markdown(p.card.face.title), p.route["req_id"])
                for p in parcels
            )
        )

        assert [bubble.text for bubble in at.from_bot(GROUP)] == ["第 0 条", "第 1 条", "第 2 条"]
        assert 6000 not in {request.errcode for request in at.fake.requests}


async def test_a_stop_lets_the_answer_under_way_go_out() -> None:
    async with office("websocket") as at:
        at.answers(PLAIN)
        at.ears.slow = 0.1
        await at.fake.say("WxLi", "更新 KR34 1070", group=GROUP)
        await asyncio.sleep(0.02)
    assert len(at.from_bot(GROUP)) == 1


async def test_a_letter_goes_to_the_person_by_the_app() -> None:
    async with office("websocket") as at:
        await at.platform.deliver(letter_to("wxli", PLAIN))

        assert [bubble.kind for bubble in at.from_bot("app:WxLi")] == ["text"]


def test_the_robots_card_keeps_to_its_narrower_limits() -> None:
    card = robot_card(Card(Face("字" * 40, buttons=(Button("好", "ok", "好"),))), "okr-1")

    assert card["main_title"]["title"] == "字" * 25 + "…"


def _markdown(content: str) -> dict[str, object]:
    return {"msgtype": "markdown", "markdown": {"content": content}}


async def reconnected(at: Office) -> None:
    await at.fake.robot_server.drop()
    await until(lambda: at.fake.robot_server.connections == 2)
    await until(lambda: at.platform.state()["robot"] == "ok")

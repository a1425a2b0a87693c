from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from chat.events import ChatKind, Click, Message, MessageKind
from chat.platform import Heard
from tests.bot.dingtalk.office import (
    DONE,
    GROUP,
    LIVE,
    PATIENCE,
    PLAIN,
    QUICK,
    Event,
    Office,
    office,
    until,
)

AT_ONCE = replace(QUICK, redraw=0.02)
"""For presses that are not heard in time."""


def anything(_event: Event) -> bool:
    return True


async def test_a_message_is_heard_and_answered_where_it_was_asked() -> None:
    async with office() as at:
        at.answers(PLAIN)
        await at.fake.say("dt-li", "更新 KR34 70%")
        [bubble] = await at.shown("dt-li")
        [event] = at.ears.events

        assert isinstance(event, Message)
        assert (event.text, event.sender.user_id, event.sender.name) == ("更新 KR34 70%", "dt-li", "李四")
        assert bubble.title == "KR34 到 70% 了"
        assert "O12 31% → **36%**" in bubble.text
        # An answer by the session's address costs no call of an API, not even for a token.
        assert not at.fake.calls
        assert not at.called("/accessToken")
        assert [receipt.calls for receipt in at.ears.receipts] == [0]


async def test_a_mention_in_a_group() -> None:
    async with office() as at:
        at.answers(PLAIN)
        await at.fake.say("dt-wang", "把 KR34 转给 @李四", group=GROUP, mentions=["dt-li"])
        await at.shown(GROUP)
        [event] = at.ears.events

        assert isinstance(event, Message)
        assert event.conversation.kind is ChatKind.GROUP
        assert event.text == "把 KR34 转给"
        assert [account.user_id for account in event.mentions] == ["dt-li"]


async def test_what_is_quoted_is_told_by_its_words_or_by_its_card() -> None:
    async with office() as at:
        at.answers(LIVE)
        await at.fake.say("dt-li", "待办")
        [card] = await at.shown("dt-li")
        await at.fake.say("dt-li", "同意", quotes=card.id)
        await until(lambda: len(at.ears.events) == 2)
        said = next(b for b in at.fake.transcript.bubbles if b.text == "待办")
        await at.fake.say("dt-li", "再来", quotes=said.id)
        await until(lambda: len(at.ears.events) == 3)
        of_card, of_words = at.ears.events[1:]

        assert isinstance(of_card, Message)
        assert isinstance(of_words, Message)
        assert of_card.quote is not None
        assert of_words.quote is not None
        assert of_card.quote.card_ref == card.card_ref
        assert of_words.quote.text == "待办"


@pytest.mark.parametrize(
    ("kind", "expected", "text", "unreadable"),
    [
        ("voice", MessageKind.VOICE, "KR34 七十", ""),
        ("image", MessageKind.UNREADABLE, "", "图片"),
        ("file", MessageKind.FILE, "", ""),
        ("video", MessageKind.UNREADABLE, "", "视频"),
    ],
)
async def test_what_is_not_written(kind: str, expected: MessageKind, text: str, unreadable: str) -> None:
    async with office() as at:
        at.answers(PLAIN)
        await at.fake.say("dt-li", kind=kind, voice_text=text)
        await at.shown("dt-li")
        [event] = at.ears.events

        assert isinstance(event, Message)
        assert (event.kind, event.text, event.unreadable) == (expected, text, unreadable)


async def test_somebody_of_another_company_gets_an_answer_and_the_operator_no_error() -> None:
    async with office() as at:
        at.answers(PLAIN)
        await at.fake.say("dt-stranger", "帮助", group=GROUP)

        assert await at.shown(GROUP)
        assert at.ears.events[0].sender.user_id == ""
        assert not at.ears.failures


# --- acknowledgements ---------------------------------------------------------------------------------


async def test_a_message_is_acknowledged_after_it_was_heard() -> None:
    async with office() as at:
        at.answers(PLAIN)
        at.ears.held = anything
        saying = asyncio.create_task(at.fake.say("dt-li", "周报"))
        await until(lambda: at.ears.holding)
        await asyncio.sleep(0.08)
        assert not saying.done()
        at.ears.free.set()
        await saying

        assert len(at.ears.events) == 1


async def test_a_message_that_could_not_be_heard_is_not_acknowledged_as_done() -> None:
    async with office() as at:
        at.answers(PLAIN)
        at.ears.broken = 1
        with capture_logs() as logs:
            await at.fake.say("dt-li", "周报")

        assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["hearing_failed"]
        assert not at.from_bot("dt-li")


async def test_a_message_that_comes_twice_is_answered_once() -> None:
    async with office() as at:
        at.answers(PLAIN)
        at.fake.faults.twice = True
        await at.fake.say("dt-li", "更新 KR34 70%")
        await until(lambda: len(at.ears.events) == 2)
        await asyncio.sleep(0.02)

        assert len(at.from_bot("dt-li")) == 1


async def test_a_lost_acknowledgement_brings_the_message_again_but_no_second_answer() -> None:
    async with office() as at:
        at.answers(PLAIN)
        at.fake.faults.lose_acks = 1
        at.fake.patience.redelivery = 0.05
        await at.fake.say("dt-li", "更新 KR34 70%")
        await until(lambda: len(at.ears.events) >= 2)

        assert len(at.from_bot("dt-li")) == 1


async def test_one_person_is_heard_in_order_and_nobody_waits_for_another() -> None:
    async with office() as at:
        at.answers(PLAIN)
        at.ears.held = lambda event: isinstance(event, Message) and event.text == "慢"
        saying = asyncio.gather(
            at.fake.say("dt-li", "慢"), at.fake.say("dt-li", "快"), at.fake.say("dt-wang", "别人")
        )
        await until(lambda: at.ears.holding and at.ears.events)
        at.ears.free.set()
        await saying
        heard = [event.text for event in at.ears.events if isinstance(event, Message)]

        assert heard == ["别人", "慢", "快"]


async def test_pings_and_events_are_acknowledged_as_they_want_it() -> None:
    async with office() as at:
        await at.fake.ping()
        told = await at.fake.happen("user_leave_org", {"timeStamp": "1", "userId": ["dt-li"]})
        assert told is not None

        assert await told.wait(30)
        assert at.fake.complaints == []


async def test_a_frame_that_nobody_can_read_harms_nothing() -> None:
    async with office() as at:
        at.answers(PLAIN)
        for junk in ("<xml/>", "[]", "{}", '{"type":"CALLBACK"}', '{"type":"EVENT","headers":null}', "7"):
            await at.fake.junk(junk)
        await at.fake.say("dt-li", "帮助")

        assert await at.shown("dt-li")
        assert at.fake.stream.opened == 1


async def test_an_app_that_is_not_published_is_told_to_the_operator_once() -> None:
    async with office() as at:
        at.answers(PLAIN)
        at.fake.faults.unpublished = True
        with capture_logs() as logs:
            await at.fake.say("dt-li", "周报")
            await at.fake.say("dt-li", "帮助")

        assert [entry["event"] for entry in logs] == ["sender_without_staff_id"]
        assert len(await at.shown("dt-li", 2)) == 2


async def test_spent_pushes_are_told_to_the_operator_once() -> None:
    async with office() as at:
        at.answers(PLAIN)
        at.fake.limits.monthly_pushes = 0
        with capture_logs() as logs:
            for _ in range(3):
                await at.fake.say("dt-li", "周报")

        assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["pushes_exhausted"]
        assert at.ears.events == []
        assert [account.user_id for account in at.ears.kept_back] == ["dt-li"] * 3
        assert at.platform.state()["stream"] == "ok"


# --- pressed buttons ----------------------------------------------------------------------------------


async def card_shown(at: Office, where: str = "dt-li") -> str:
    at.answers(LIVE, redraw=DONE, clicked=None)
    await at.fake.say("dt-li", "待办", group=GROUP if where == GROUP else None)
    return (await at.shown(where))[0].id


@pytest.mark.parametrize("brings", ["both", "id", "params"])
async def test_a_pressed_button_is_heard_and_redraws_its_card(brings: str) -> None:
    async with office() as at:
        at.fake.faults.click_brings = brings  # type: ignore[assignment]  # parametrised
        card_id = await card_shown(at)
        result = await at.fake.press("dt-li", card_id, "同意")
        click = at.ears.events[-1]
        [card] = at.from_bot("dt-li")

        assert isinstance(click, Click)
        assert (click.action, click.card_ref, click.sender.user_id) == ("ok:R8", card.card_ref, "dt-li")
        assert (result.acked, result.updated) == (True, True)
        assert (card.title, card.buttons) == ("你批了 R8", ())
        assert not at.called("/v1.0/card/instances")


async def test_a_button_pressed_in_a_group_is_answered_there() -> None:
    async with office() as at:
        card_id = await card_shown(at, GROUP)
        at.answers(LIVE, redraw=DONE, clicked=PLAIN)
        await at.fake.press("dt-wang", card_id, "同意")
        card, said = await at.shown(GROUP, 2)

        assert card.title == "你批了 R8"
        assert "KR34 到 70% 了" in said.text
        assert at.ears.events[-1].sender.user_id == "dt-wang"


async def test_a_button_without_a_place_is_answered_to_its_presser_alone() -> None:
    async with office() as at:
        card_id = await card_shown(at, GROUP)
        at.fake.faults.no_space = True
        at.answers(LIVE, clicked=PLAIN)
        await at.fake.press("dt-wang", card_id, "同意")

        assert len(await at.shown("dt-wang")) == 1
        assert len(at.from_bot(GROUP)) == 1


async def test_what_is_heard_too_slowly_redraws_the_card_after_the_acknowledgement() -> None:
    async with office(pace=AT_ONCE) as at:
        card_id = await card_shown(at)
        at.ears.held = anything
        result = await at.fake.press("dt-li", card_id, "同意")
        assert (result.acked, result.updated) == (True, False)
        at.ears.free.set()
        await until(lambda: at.from_bot("dt-li")[0].title == "你批了 R8")

        assert at.called("/v1.0/card/instances") == 1


async def test_a_button_is_acknowledged_in_time_behind_a_slow_message_of_the_same_person() -> None:
    async with office(pace=AT_ONCE) as at:
        card_id = await card_shown(at)
        at.ears.held = lambda event: isinstance(event, Message)
        saying = asyncio.create_task(at.fake.say("dt-li", "周报"))
        await until(lambda: at.ears.holding)
        result = await at.fake.press("dt-li", card_id, "同意")
        assert result.acked
        at.ears.free.set()
        await until(lambda: at.from_bot("dt-li")[0].title == "你批了 R8")
        await saying

        assert [type(event) for event in at.ears.events[-2:]] == [Message, Click]


async def test_a_button_that_could_not_be_heard_is_not_acknowledged_as_done() -> None:
    async with office() as at:
        card_id = await card_shown(at)
        at.ears.broken = 1
        result = await at.fake.press("dt-li", card_id, "同意")

        assert not result.acked
        assert at.from_bot("dt-li")[0].title == "李四想改 KR34 的目标"


async def test_a_button_heard_before_redraws_its_card_but_says_nothing_twice() -> None:
    async with office() as at:
        card_id = await card_shown(at)
        at.ears.answer = lambda _event: Heard(redraw=DONE)
        at.fake.faults.twice = True
        await at.fake.press("dt-li", card_id, "同意")
        await until(lambda: len(at.ears.events) >= 3)

        assert [bubble.title for bubble in at.from_bot("dt-li")] == ["你批了 R8"]


async def test_a_press_whose_answer_got_lost_is_the_same_when_it_comes_again() -> None:
    async with office() as at:
        card_id = await card_shown(at)
        at.ears.held = anything
        at.fake.patience.card = 0.05  # nothing will come
        pressing = asyncio.create_task(at.fake.press("dt-li", card_id, "同意"))
        await until(lambda: at.ears.holding)
        at.fake.abort()
        await until(lambda: at.fake.stream.opened == 2 and at.platform.state()["stream"] == "ok")
        at.ears.free.set()
        await pressing
        await until(lambda: len(at.ears.events) == 2)
        at.fake.patience.card = PATIENCE
        again = await at.fake.press("dt-li", card_id, "同意")
        first, second = at.ears.events[-2:]

        assert first.event_id == second.event_id
        assert again.updated
        assert at.from_bot("dt-li")[0].title == "你批了 R8"


# --- the connection -----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["abort", "disconnect"])
async def test_a_connection_that_ends_is_opened_again(how: str) -> None:
    async with office() as at:
        at.answers(PLAIN)
        if how == "abort":
            at.fake.abort()
        else:
            await at.fake.disconnect()
        await until(lambda: at.fake.stream.opened == 2 and at.platform.state()["stream"] == "ok")
        await at.fake.say("dt-li", "帮助")

        assert await at.shown("dt-li")


async def test_what_was_heard_before_the_platform_asked_to_leave_is_still_acknowledged() -> None:
    async with office() as at:
        at.answers(PLAIN)
        at.ears.held = anything
        at.fake.patience.redeliveries = 0
        saying = asyncio.create_task(at.fake.say("dt-li", "周报"))
        await until(lambda: at.ears.holding)
        await at.fake.disconnect()
        await until(lambda: at.fake.stream.opened == 2)
        at.ears.free.set()
        async with asyncio.timeout(PATIENCE / 2):  # not until patience is at its end
            await saying

        assert len(await at.shown("dt-li")) == 1


async def test_connections_that_break_at_once_are_not_asked_for_in_a_storm() -> None:
    async with office(pace=replace(QUICK, backoff=0.05, backoff_limit=1.0), run=False) as at:
        at.fake.faults.close_on_accept = 1000
        began = asyncio.get_running_loop().time()
        running = asyncio.create_task(at.platform.run(at.ears))
        await until(lambda: at.fake.stream.opened >= 5)
        took = asyncio.get_running_loop().time() - began
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

        # Pauses of at least 25, 50, 100, 200 ms; a busy machine may make them longer.
        assert took >= 0.37


async def test_a_platform_that_is_down_is_asked_again() -> None:
    async with office(run=False) as at:
        at.fake.faults.open_statuses.extend([500, 503, 400])
        running = asyncio.create_task(at.platform.run(at.ears))
        await until(lambda: at.platform.state()["stream"] == "ok")
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

        assert at.fake.stream.opened == 4
        assert at.platform.state()["stream"] == "not connected"


async def test_a_wrong_secret_shows_in_the_state_and_nowhere_else() -> None:
    async with office(run=False, client_secret="wrong-secret") as at:
        with capture_logs() as logs:
            running = asyncio.create_task(at.platform.run(at.ears))
            await until(lambda: at.platform.state()["stream"].startswith("refused"))
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

        assert logs
        assert "wrong-secret" not in str(logs)


@pytest.mark.parametrize("pace", [replace(QUICK, silence=0.2), replace(QUICK, heartbeat=0.2)])
async def test_a_connection_that_says_nothing_any_more_is_replaced(pace: object) -> None:
    async with office(pace=pace) as at:  # type: ignore[arg-type]  # parametrised
        at.fake.stream.freeze()
        await until(lambda: at.fake.stream.opened >= 2)


async def test_a_stop_finishes_what_is_under_way() -> None:
    async with office() as at:
        at.answers(PLAIN)
        at.ears.held = anything
        saying = asyncio.create_task(at.fake.say("dt-li", "周报"))
        await until(lambda: at.ears.holding)
        at.running.cancel()
        asyncio.get_running_loop().call_later(0.05, at.ears.free.set)
        with suppress(asyncio.CancelledError):
            await at.running
        await saying

        assert len(at.from_bot("dt-li")) == 1
        assert at.running.cancelled()


async def test_nothing_that_opens_a_door_is_logged() -> None:
    async with office() as at:
        at.answers(PLAIN)
        with capture_logs() as logs:
            await at.fake.say("dt-li", "帮助")
            await at.shown("dt-li")
            at.clock.wind(timedelta(hours=2))
            at.ears.events.clear()
            at.fake.abort()
            await until(lambda: at.fake.stream.opened == 2 and at.platform.state()["stream"] == "ok")

        assert logs
        for secret in (at.fake.client_secret, "session=", "ticket="):
            assert secret not in str(logs)

"""The robot's WebSocket server, spoken to with bare frames."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from sandbox.clock import WoundClock
from sandbox.fake_wecom import FakeWeCom, Robot
from tests.sandbox.wecom_samples import ECHO

GROUP = "wrG1"
NOTICE = {
    "card_type": "text_notice",
    "main_title": {"title": "x"},
    "card_action": {"type": 1, "url": "http://x"},
}
BUTTONS = {
    "card_type": "button_interaction",
    "task_id": "t1",
    "main_title": {"title": "批一下"},
    "button_list": [{"text": "同意", "key": "ok"}],
}


class Client:
    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def frame(self) -> dict[str, Any]:
        frame: dict[str, Any] = await self.ws.receive_json(timeout=10)
        return frame

    async def send(self, cmd: str, req_id: str, body: Any = None) -> None:
        await self.ws.send_json({"cmd": cmd, "headers": {"req_id": req_id}, "body": body})

    async def ask(self, cmd: str, req_id: str, body: Any = None) -> int:
        await self.send(cmd, req_id, body)
        ack = await self.frame()
        assert ack["headers"]["req_id"] == req_id
        assert "cmd" not in ack
        code: int = ack["errcode"]
        return code

    async def subscribe(self, bot_id: str = "b", secret: str = "s") -> int:
        return await self.ask("aibot_subscribe", "aibot_subscribe_1", {"bot_id": bot_id, "secret": secret})

    async def heard(self) -> tuple[str, dict[str, Any]]:
        """The req_id and body of the next callback."""
        frame = await self.frame()
        return frame["headers"]["req_id"], frame["body"]


@pytest.fixture
async def fake() -> AsyncIterator[FakeWeCom]:
    fake = FakeWeCom(
        WoundClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)),
        corp_id="ww1",
        agent_id=1,
        secret="s",
        token="t",
        aes_key=ECHO.key,
        robot=Robot(bot_id="b", secret="s"),
    )
    fake.add_user("WxLi", "李四")
    fake.add_group(GROUP, "群", ["WxLi"])
    fake.patience.update = 30.0
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def client(fake: FakeWeCom, session: aiohttp.ClientSession) -> Client:
    client = Client(await session.ws_connect(fake.ws_url))
    assert await client.subscribe() == 0
    return client


def stream(content: str = "hi", *, stream_id: str = "s1", finish: bool = True) -> dict[str, Any]:
    return {"msgtype": "stream", "stream": {"id": stream_id, "finish": finish, "content": content}}


def markdown(chat: str, **more: Any) -> dict[str, Any]:
    return {"chatid": chat, "msgtype": "markdown", "markdown": {"content": "hi"}, **more}


@pytest.mark.parametrize(("bot_id", "secret", "code"), [("b", "s", 0), ("x", "s", 93019), ("b", "x", 853000)])
async def test_subscribing(
    fake: FakeWeCom, session: aiohttp.ClientSession, bot_id: str, secret: str, code: int
) -> None:
    client = Client(await session.ws_connect(fake.ws_url))
    assert await client.ask("ping", "ping_1") == 846609
    assert await client.subscribe(bot_id, secret) == code
    assert await client.ask("ping", "ping_2") == (0 if code == 0 else 846609)


async def test_a_newer_connection_pushes_the_older_one_out(
    fake: FakeWeCom, session: aiohttp.ClientSession, client: Client
) -> None:
    newer = Client(await session.ws_connect(fake.ws_url))
    assert await newer.subscribe() == 0

    _, body = await client.heard()
    assert body["event"] == {"eventtype": "disconnected_event"}
    assert "from" not in body
    assert (await client.ws.receive(timeout=10)).type is aiohttp.WSMsgType.CLOSE
    assert await newer.ask("ping", "ping_1") == 0


async def test_each_kind_of_callback_takes_its_own_answer(fake: FakeWeCom, client: Client) -> None:
    await fake.say("WxLi", "hi", via="robot")
    message, body = await client.heard()
    await fake.open_chat("WxLi", "robot")
    opening, _ = await client.heard()

    assert (body["chattype"], body["text"], "chatid" in body) == ("single", {"content": "hi"}, False)
    assert (
        await client.ask("aibot_respond_welcome_msg", message, {"msgtype": "text", "text": {"content": "x"}})
        == 846605
    )
    assert await client.ask("aibot_respond_msg", opening, stream()) == 846605
    assert await client.ask("aibot_respond_msg", "made up", stream()) == 846605
    assert (
        await client.ask("aibot_respond_msg", message, {"msgtype": "text", "text": {"content": "x"}}) == 40008
    )
    assert await client.ask("aibot_respond_msg", message, stream()) == 0
    assert (
        await client.ask("aibot_respond_welcome_msg", opening, {"msgtype": "text", "text": {"content": "x"}})
        == 0
    )


async def test_a_welcome_has_its_seconds(fake: FakeWeCom, client: Client) -> None:
    await fake.open_chat("WxLi", "robot")
    opening, _ = await client.heard()
    fake.patience.update = 0.01
    await asyncio.sleep(0.02)

    assert (
        await client.ask("aibot_respond_welcome_msg", opening, {"msgtype": "text", "text": {"content": "x"}})
        == 846605
    )


async def test_a_stream_grows_in_one_bubble_until_it_ends(fake: FakeWeCom, client: Client) -> None:
    await fake.say("WxLi", "hi", via="robot")
    message, _ = await client.heard()

    assert await client.ask("aibot_respond_msg", message, stream("一", finish=False)) == 0
    assert await client.ask("aibot_respond_msg", message, stream("一二", finish=True)) == 0
    assert await client.ask("aibot_respond_msg", message, stream("一二三")) == 846608
    assert await client.ask("aibot_respond_msg", message, stream("四", stream_id="s2", finish=False)) == 0
    fake.world.clock.wind(timedelta(minutes=6, seconds=1))
    assert await client.ask("aibot_respond_msg", message, stream("五", stream_id="s2")) == 846608
    assert [bubble.text for bubble in fake.transcript.of("robot:WxLi")] == ["hi", "一二", "四"]


async def test_frames_on_one_message_may_not_overlap(fake: FakeWeCom, client: Client) -> None:
    await fake.say("WxLi", "hi", via="robot")
    message, _ = await client.heard()
    fake.faults.slow = 0.05
    for number in range(2):
        await client.send("aibot_respond_msg", message, stream(stream_id=f"s{number}"))

    assert sorted([(await client.frame())["errcode"] for _ in range(2)]) == [0, 6000]


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (93001, markdown(GROUP, chat_type=2)),
        (93006, markdown("WxLi", chat_type=1)),
        (93006, markdown("wrNone")),
    ],
)
async def test_a_push_needs_a_chat_that_used_the_robot(
    fake: FakeWeCom, client: Client, code: int, body: dict[str, Any]
) -> None:
    assert await client.ask("aibot_send_msg", "1", body) == code
    await fake.say("WxLi", "hi", group=GROUP)
    await fake.say("WxLi", "hi", via="robot")
    await client.heard()
    await client.heard()
    assert await client.ask("aibot_send_msg", "2", body) == (93006 if body["chatid"] == "wrNone" else 0)
    assert await client.ask("aibot_send_msg", "3", {**body, "msgtype": "text"}) in {40008, 93006}


async def test_a_chat_takes_thirty_a_minute_and_a_thousand_an_hour(fake: FakeWeCom, client: Client) -> None:
    await fake.say("WxLi", "hi", group=GROUP)
    await client.heard()
    codes = [await client.ask("aibot_send_msg", str(number), markdown(GROUP)) for number in range(31)]
    assert codes == [0] * 30 + [45009]

    fake.faults.quotas = False
    assert await client.ask("aibot_send_msg", "more", markdown(GROUP)) == 0


async def test_a_click_takes_one_update_in_time(fake: FakeWeCom, client: Client) -> None:
    await fake.say("WxLi", "hi", group=GROUP)
    message, _ = await client.heard()
    card = {"msgtype": "template_card", "template_card": BUTTONS}
    assert await client.ask("aibot_respond_msg", message, card) == 0
    assert await client.ask("aibot_respond_msg", message, card) == 42014
    shown = fake.transcript.by_ref("t1")
    pressing = asyncio.create_task(fake.press("WxLi", shown.id, "同意"))
    click, body = await client.heard()

    assert body["event"]["template_card_event"]["event_key"] == "ok"
    update = {"response_type": "update_template_card", "template_card": NOTICE}
    assert await client.ask("aibot_respond_update_msg", click, update) == 42014
    update["template_card"] = {**NOTICE, "task_id": "t1"}
    assert await client.ask("aibot_respond_update_msg", click, update) == 0
    assert (await pressing).updated
    assert await client.ask("aibot_respond_update_msg", click, update) == 846605
    assert fake.transcript.by_ref("t1").buttons == ()


async def test_a_click_that_nobody_answers(fake: FakeWeCom, client: Client) -> None:
    await fake.say("WxLi", "hi", via="robot")
    message, _ = await client.heard()
    await client.ask("aibot_respond_msg", message, {"msgtype": "template_card", "template_card": BUTTONS})
    fake.patience.update = 0.1
    pressed = await fake.press("WxLi", fake.transcript.by_ref("t1").id, "同意")

    assert (pressed.acked, pressed.updated) == (True, False)
    assert pressed.seconds >= 0.1


async def test_a_click_that_is_answered_with_a_new_message(fake: FakeWeCom, client: Client) -> None:
    await fake.say("WxLi", "hi", via="robot")
    message, _ = await client.heard()
    await client.ask("aibot_respond_msg", message, {"msgtype": "template_card", "template_card": BUTTONS})
    pressing = asyncio.create_task(fake.press("WxLi", fake.transcript.by_ref("t1").id, "同意"))
    await client.heard()
    await client.ask("aibot_send_msg", "1", markdown("WxLi", chat_type=1))
    pressed = await pressing

    assert (pressed.acked, pressed.updated) == (True, False)
    assert pressed.seconds < 30


async def test_a_button_that_is_not_there(fake: FakeWeCom) -> None:
    bubble = await fake.say("WxLi", "hi", via="robot")

    with pytest.raises(KeyError):
        await fake.press("WxLi", bubble.id, "同意")
    with pytest.raises(KeyError):
        await fake.press("WxLi", "made up", "同意")

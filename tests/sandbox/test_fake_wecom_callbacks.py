"""How the make-believe WeCom calls, calls again, and reads what comes back: against a bot of a few lines."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from sandbox.clock import WoundClock
from sandbox.fake_wecom import FakeWeCom, Robot
from sandbox.fake_wecom.crypto import Seal
from tests.sandbox.wecom_samples import ECHO

APP_SEAL = Seal("t", ECHO.key, "ww1")
ROBOT_SEAL = Seal("rt", ECHO.key, "")
Replier = Callable[[int, str, str], "tuple[int, str]"]


class Bot:
    """Decrypts what it gets; `reply` makes status and body of the number of the call, its text and nonce."""

    def __init__(self, reply: Replier) -> None:
        self._reply = reply
        self.heard: list[str] = []
        self.nonces: list[str] = []
        self.slow = 0.0

    async def app(self, request: web.Request) -> web.Response:
        found = re.search(r"<Encrypt><!\[CDATA\[(.+?)\]\]>", await request.text())
        assert found is not None
        return await self._take(request, APP_SEAL, found[1])

    async def robot(self, request: web.Request) -> web.Response:
        return await self._take(request, ROBOT_SEAL, (await request.json())["encrypt"])

    async def _take(self, request: web.Request, seal: Seal, encrypted: str) -> web.Response:
        query = request.query
        self.nonces.append(query["nonce"])
        self.heard.append(
            seal.open_reply(encrypted, query["msg_signature"], query["timestamp"], query["nonce"])
        )
        await asyncio.sleep(self.slow)
        status, body = self._reply(len(self.heard), self.heard[-1], query["nonce"])
        return web.Response(status=status, text=body)


@asynccontextmanager
async def company(reply: Replier) -> AsyncIterator[tuple[FakeWeCom, Bot]]:
    clock = WoundClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    fake = FakeWeCom(
        clock,
        corp_id="ww1",
        agent_id=1,
        secret="s",
        token="t",
        aes_key=ECHO.key,
        robot=Robot(token="rt", aes_key=ECHO.key),
    )
    fake.patience.reply, fake.patience.poll = 30.0, 0.0
    fake.add_user("WxLi", "李四")
    await fake.start()
    bot = Bot(reply)
    app = web.Application()
    app.add_routes([web.post("/app", bot.app), web.post("/robot", bot.robot)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    fake.app_callback_url, fake.robot_callback_url = f"{url}/app", f"{url}/robot"
    try:
        yield fake, bot
    finally:
        await fake.stop()
        await runner.cleanup()


def app_reply(inner: str, seal: Seal = APP_SEAL) -> str:
    encrypted = seal.encrypt(inner)
    return (
        f"<xml><Encrypt>{encrypted}</Encrypt><MsgSignature>{seal.sign('5', 'n', encrypted)}</MsgSignature>"
        "<TimeStamp>5</TimeStamp><Nonce>n</Nonce></xml>"
    )


def passive(kind: str, rest: str = "", to: str = "WxLi", of: str = "ww1") -> str:
    return (
        f"<xml><ToUserName>{to}</ToUserName><FromUserName>{of}</FromUserName>"
        f"<MsgType>{kind}</MsgType>{rest}</xml>"
    )


def robot_reply(plain: dict[str, Any], nonce: str) -> str:
    encrypted = ROBOT_SEAL.encrypt(json.dumps(plain))
    return json.dumps(
        {
            "encrypt": encrypted,
            "msgsignature": ROBOT_SEAL.sign("5", nonce, encrypted),
            "timestamp": 5,
            "nonce": nonce,
        }
    )


@pytest.mark.parametrize(
    ("status_of", "calls"),
    [
        (lambda _number: 200, 1),
        (lambda number: 200 if number == 3 else 500, 3),
        (lambda _number: 204, 4),
    ],
)
async def test_anything_but_a_200_is_tried_three_times_more(
    status_of: Callable[[int], int], calls: int
) -> None:
    async with company(lambda number, _text, _nonce: (status_of(number), "")) as (fake, bot):
        await fake.say("WxLi", "hi")

        assert len(bot.heard) == calls
        assert len(set(bot.heard)) == 1  # the same message, wrapped anew
        assert len(set(bot.nonces)) == calls


async def test_a_bot_that_is_too_slow_hears_it_again() -> None:
    async with company(lambda *_: (200, app_reply(passive("text", "<Content>late</Content>")))) as (
        fake,
        bot,
    ):
        fake.patience.reply, bot.slow = 0.3, 0.4
        await fake.say("WxLi", "hi")

        assert len(bot.heard) == 4
        assert [bubble.text for bubble in fake.transcript.bubbles] == ["hi"]


@pytest.mark.parametrize(
    ("body", "shown", "complains"),
    [
        ("", [], False),
        ("success", [], False),
        (app_reply(passive("text", "<Content>ok</Content>")), ["ok"], False),
        (app_reply(passive("text", f"<Content>{'字' * 700}</Content>")), ["字" * 682], False),
        (passive("text", "<Content>not encrypted</Content>"), [], True),
        (app_reply(passive("text"), Seal("t", ECHO.key, "wwOther")), [], True),
        (app_reply(passive("text"), Seal("x", ECHO.key, "ww1")), [], True),
        (app_reply(passive("text", to="WxOther")), [], True),
        (app_reply(passive("text", of="wwOther")), [], True),
        (app_reply(passive("update_button", "<Button><ReplaceName>x</ReplaceName></Button>")), [], True),
        (app_reply("<xml>"), [], True),
        ("fine", [], True),
    ],
    ids=[
        "nothing",
        "success",
        "text",
        "too long a text",
        "bare",
        "another receiver",
        "another token",
        "to another",
        "from another",
        "a card update",
        "broken",
        "words",
    ],
)
async def test_what_may_come_back(body: str, shown: list[str], complains: bool) -> None:
    async with company(lambda *_: (200, body)) as (fake, _bot):
        await fake.say("WxLi", "hi")

        assert [bubble.text for bubble in fake.transcript.bubbles[1:]] == shown
        assert bool(fake.complaints) == complains


async def test_a_lost_answer_and_a_callback_that_comes_twice() -> None:
    async with company(lambda *_: (200, app_reply(passive("text", "<Content>ok</Content>")))) as (fake, bot):
        fake.faults.lose_replies = 1
        await fake.say("WxLi", "hi")
        fake.faults.twice = True
        fake.faults.other_case = True
        await fake.say("WxLi", "hi")

        assert len(bot.heard) == 4
        assert "wXlI" in bot.heard[-1]


async def test_an_unfinished_stream_is_asked_for_until_it_ends() -> None:
    def reply(number: int, _text: str, nonce: str) -> tuple[int, str]:
        stream = {"id": "s1", "finish": number == 3, "content": "." * number}
        return 200, robot_reply({"msgtype": "stream", "stream": stream}, nonce)

    async with company(reply) as (fake, bot):
        await fake.say("WxLi", "hi", via="robot")

        assert [json.loads(text)["msgtype"] for text in bot.heard] == ["text", "stream", "stream"]
        assert fake.transcript.bubbles[-1].text == "..."
        assert len(fake.transcript.bubbles) == 2


@pytest.mark.parametrize(
    ("reply", "complains"),
    [
        ({"msgtype": "text", "text": {"content": "a message takes no text"}}, True),
        ({"msgtype": "stream", "stream": {"id": "s", "finish": True, "content": "x" * 20481}}, True),
        ({"msgtype": "stream", "stream": {"id": "s", "finish": True, "content": "x"}}, False),
    ],
)
async def test_what_a_robot_may_answer(reply: dict[str, Any], complains: bool) -> None:
    async with company(lambda _number, _text, nonce: (200, robot_reply(reply, nonce))) as (fake, _bot):
        await fake.say("WxLi", "hi", via="robot")

        assert bool(fake.complaints) == complains


async def test_a_robots_reply_repeats_the_nonce() -> None:
    async with company(lambda *_: (200, robot_reply({}, "another"))) as (fake, _bot):
        await fake.say("WxLi", "hi", via="robot")

        assert fake.complaints == ["robot's passive reply: nonce is not the callback's"]

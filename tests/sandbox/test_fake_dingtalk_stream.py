"""The stream: tickets, whom a push reaches, acknowledgements, repeats and everything that breaks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import aiohttp
import pytest

from tests.bot.dingtalk.office import PATIENCE, until
from tests.sandbox.dingtalk_client import CARDS, EVENTS, MESSAGES, OPEN, Desk, desk


@pytest.fixture
async def office() -> AsyncIterator[Desk]:
    async with desk(redeliver_after=PATIENCE) as office:
        yield office


async def nothing_comes_again(office: Desk) -> None:
    """Nobody waits with a push in his hand, to bring it once more."""
    async with asyncio.timeout(PATIENCE / 2):
        while office.fake.stream._tasks:
            await asyncio.sleep(0.01)


# --- opening --------------------------------------------------------------------------------------


async def test_a_ticket_is_good_for_one_connection(office: Desk) -> None:
    _, granted = await office.ticket()
    await office.http.ws_connect(granted["endpoint"], params={"ticket": granted["ticket"]})
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await office.http.ws_connect(granted["endpoint"], params={"ticket": granted["ticket"]})
    assert refused.value.status == 401


@pytest.mark.parametrize(("age", "good"), [(89, True), (90, False)])
async def test_a_ticket_is_good_for_90_seconds(office: Desk, age: int, good: bool) -> None:
    _, granted = await office.ticket()
    office.clock.wind(timedelta(seconds=age))
    url = f"{granted['endpoint'].replace('ws', 'http', 1)}?ticket={granted['ticket']}"
    async with office.http.get(url) as answer:
        assert answer.status == (400 if good else 401), "a plain GET is no handshake, but its ticket counts"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"clientSecret": "wrong"}, 401),
        ({"clientId": "wrong"}, 401),
        ({"subscriptions": [{"type": "EVENT", "topic": "user_leave_org"}]}, 400),
        ({"subscriptions": [{"type": "SYSTEM", "topic": "ping"}]}, 400),
        ({"subscriptions": None}, 400),
    ],
)
async def test_refuses_to_open(office: Desk, changed: dict[str, object], status: int) -> None:
    asked = {"clientId": "dingdemo", "clientSecret": office.fake.client_secret, "subscriptions": []}
    answer = await office.post(OPEN, asked | changed)
    assert answer[0] == status
    assert answer[1].keys() == {"code", "message", "requestid"}


async def test_opening_can_fail_and_be_slow(office: Desk) -> None:
    office.fake.faults.open_statuses.extend([503, 500])
    assert [(await office.ticket())[0] for _ in range(3)] == [503, 500, 200]
    office.fake.faults.slow_open = 5
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(office.ticket(), 0.05)
    assert office.fake.stream.opened == 4


# --- pushing --------------------------------------------------------------------------------------


async def test_a_push_reaches_one_of_those_that_subscribed(office: Desk) -> None:
    clients = [await office.connect() for _ in range(3)]
    await office.connect([CARDS])
    assert office.fake.connected == 4
    for n in range(90):
        await office.fake.stream.push(MESSAGES[1], {"n": n}, repeat=False)
    heard = [0, 0, 0]
    async with asyncio.timeout(PATIENCE):
        while sum(heard) < 90:
            for index, client in enumerate(clients):
                with suppress(TimeoutError):
                    while True:
                        await client.frame(within=0.03)
                        heard[index] += 1
    assert sum(heard) == 90
    assert all(heard), "that one of three gets none of ninety happens once in 10^15 times"


async def test_what_is_said_while_nobody_listens_is_lost(office: Desk) -> None:
    await office.fake.say("dt-li", "有人吗")
    await office.connect([CARDS])
    await office.fake.say("dt-li", "还是没有")
    client = await office.connect()
    assert await client.silent(0.25)
    assert office.fake.pushes == 0


async def test_an_unacknowledged_message_comes_again_with_another_id(office: Desk) -> None:
    office.fake.patience.redelivery, office.fake.patience.redeliveries = 0.05, 1
    client = await office.connect()
    await office.fake.say("dt-li", "KR1 80%")
    first, second = await client.frame(), await client.frame()
    assert json.loads(first["data"])["msgId"] == json.loads(second["data"])["msgId"]
    assert first["headers"]["messageId"] != second["headers"]["messageId"]
    await client.ack(second)
    await nothing_comes_again(office)
    assert await client.silent()


async def test_an_acknowledged_message_comes_once(office: Desk) -> None:
    client = await office.connect()
    saying = asyncio.create_task(office.fake.say("dt-li", "KR1 80%"))
    await client.heard()
    await saying
    await nothing_comes_again(office)
    assert await client.silent()


async def test_the_acknowledgement_may_come_late_and_on_another_connection(office: Desk) -> None:
    office.fake.patience.ack = 0.01
    first = await office.connect()
    await office.fake.say("dt-li", "KR1 80%")
    frame = await first.frame()
    second = await office.connect()
    await first.ws.close()
    await second.ack(frame)
    await nothing_comes_again(office)
    assert await second.silent()


async def test_lost_acknowledgements_lead_to_repeats(office: Desk) -> None:
    office.fake.patience.redelivery, office.fake.patience.redeliveries = 0.05, 1
    client = await office.connect()
    office.fake.faults.lose_acks = 1
    await office.fake.say("dt-li", "KR1 80%")
    first = await client.heard()
    assert await client.heard() == first
    await nothing_comes_again(office)
    assert await client.silent()


async def test_a_push_can_come_twice_at_once(office: Desk) -> None:
    client = await office.connect()
    office.fake.faults.twice = True
    await office.fake.say("dt-li", "KR1 80%")
    first, second = await client.frame(), await client.frame()
    assert first["data"] == second["data"]
    assert first["headers"]["messageId"] != second["headers"]["messageId"]


async def test_frames_look_like_the_platforms(office: Desk) -> None:
    client = await office.connect()
    await office.fake.say("dt-li", "KR1 80%")
    frame = await client.frame()
    assert frame.keys() == {"specVersion", "type", "headers", "data"}
    assert frame["type"] == "CALLBACK"
    assert isinstance(frame["data"], str)
    assert frame["headers"]["topic"] == MESSAGES[1]
    assert isinstance(frame["headers"]["time"], str)


# --- events ---------------------------------------------------------------------------------------


async def test_an_event_comes_again_until_it_is_a_success(office: Desk) -> None:
    office.fake.patience.redelivery, office.fake.patience.redeliveries = 0.05, 1
    client = await office.connect([EVENTS])
    await office.fake.happen("user_leave_org", {"userId": ["dt-li"]})
    first = await client.frame()
    assert first["headers"]["eventType"] == "user_leave_org"
    await client.ack(first, {"status": "LATER"})
    second = await client.frame()
    assert second["headers"]["eventId"] == first["headers"]["eventId"]
    await client.ack(second, {"status": "SUCCESS", "message": "ok"})
    await nothing_comes_again(office)
    assert await client.silent()
    assert not office.fake.complaints


async def test_complains_of_an_event_without_status(office: Desk) -> None:
    client = await office.connect([EVENTS])
    await office.fake.happen("user_leave_org", {"userId": ["dt-li"]})
    await client.ack(await client.frame(), {"userId": ["dt-li"]})
    await until(lambda: office.fake.complaints)
    assert "status" in office.fake.complaints[0]


async def test_complains_of_an_acknowledgement_whose_data_is_no_string(office: Desk) -> None:
    client = await office.connect()
    await office.fake.say("dt-li", "KR1 80%")
    headers = {"messageId": (await client.frame())["headers"]["messageId"]}
    await client.ws.send_json({"code": 200, "headers": headers, "data": {"response": None}})
    await until(lambda: office.fake.complaints)
    assert "JSON string" in office.fake.complaints[0]


# --- the life of a connection ---------------------------------------------------------------------


async def test_pings_now_and_then(office: Desk) -> None:
    client = await office.connect()
    await office.fake.ping()
    frame = await client.frame()
    assert (frame["type"], frame["headers"]["topic"]) == ("SYSTEM", "ping")
    assert json.loads(frame["data"]).keys() == {"opaque"}
    await client.ack(frame, json.loads(frame["data"]))


async def test_after_a_disconnect_it_is_silent_and_then_closed(office: Desk) -> None:
    office.fake.patience.silent = 0.1
    client = await office.connect()
    await office.fake.disconnect()
    frame = await client.frame()
    assert frame["headers"] == {"contentType": "application/json", "topic": "disconnect"}
    await office.fake.say("dt-li", "听得到吗")
    assert (await client.ws.receive(timeout=10)).type is aiohttp.WSMsgType.CLOSE


@pytest.mark.parametrize(("fault", "code"), [("close_on_accept", 1000), ("abort_on_accept", 1006)])
async def test_may_hang_up_right_after_it_accepted(office: Desk, fault: str, code: int) -> None:
    setattr(office.fake.faults, fault, 1)
    client = await office.connect()
    await client.ws.receive(timeout=10)
    assert client.ws.close_code == code
    await (await office.connect()).ws.ping()
    assert office.fake.connected == 1


async def test_may_break_off_without_a_word(office: Desk) -> None:
    client = await office.connect()
    office.fake.abort()
    await client.ws.receive(timeout=10)
    assert client.ws.close_code == 1006


async def test_a_half_open_connection_neither_says_nor_answers_anything(office: Desk) -> None:
    client = await office.connect()
    client.ws._autoping = False  # else a pong is swallowed
    office.fake.stream.freeze()
    await client.ws.ping()
    await office.fake.ping()
    await office.fake.say("dt-li", "听得到吗")
    assert await client.silent(0.1)
    assert not client.ws.closed


async def test_answers_the_pings_of_the_websocket(office: Desk) -> None:
    client = await office.connect()
    client.ws._autoping = False
    await client.ws.ping(b"hi")
    assert (await client.ws.receive(timeout=10)).data == b"hi"


async def test_junk_comes_before_a_push(office: Desk) -> None:
    client = await office.connect()
    office.fake.faults.junk_frames = 1
    await office.fake.say("dt-li", "KR1 80%")
    with pytest.raises(ValueError, match="Expecting value"):
        await client.frame()
    assert (await client.frame())["type"] == "CALLBACK"

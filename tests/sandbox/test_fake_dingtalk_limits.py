"""The gate before the APIs: tokens, calls a second, the month's calls, and calls that go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from sandbox.fake_dingtalk import CallFault, Request, gate
from tests.sandbox.dingtalk_client import Desk, card, desk

TO_PEOPLE = "/v1.0/robot/oToMessages/batchSend"
CARD = "/v1.0/card/instances/createAndDeliver"
USER = "/topapi/v2/user/get"
PUSH = {"robotCode": "dingdemo", "userIds": ["dt-li"], "msgKey": "sampleText", "msgParam": '{"content":"好"}'}


@pytest.fixture
async def office() -> AsyncIterator[Desk]:
    async with desk() as office:
        yield office


# --- tokens ---------------------------------------------------------------------------------------


async def test_a_token_stays_the_same_and_each_fetch_extends_it(office: Desk) -> None:
    first = office.token
    office.clock.wind(timedelta(seconds=7000))
    await office.sign_in()
    office.clock.wind(timedelta(seconds=7000))
    assert office.token == first
    assert (await office.post(TO_PEOPLE, PUSH))[0] == 200
    _, answer = await office.call("GET", f"/gettoken?appkey=dingdemo&appsecret={office.fake.client_secret}")
    assert (answer["errcode"], answer["access_token"], answer["expires_in"]) == (0, first, 7200)


async def test_refuses_wrong_credentials(office: Desk) -> None:
    asked = {"appKey": "dingdemo", "appSecret": "wrong"}
    status, answer = await office.post("/v1.0/oauth2/accessToken", asked)
    assert (status, answer["code"]) == (400, "invalidClientIdOrSecret")
    _, answer = await office.call("GET", "/gettoken?appkey=dingdemo&appsecret=wrong")
    assert answer["errcode"] != 0


@pytest.mark.parametrize(("how", "legacy"), [("missing", 40014), ("expired", 42001), ("given up", 42001)])
async def test_refuses_a_missing_and_an_expired_token(office: Desk, how: str, legacy: int) -> None:
    if how == "missing":
        office.token = ""
    elif how == "expired":
        office.clock.wind(timedelta(seconds=7200))
    else:
        office.fake.tokens.expire()
    status, answer = await office.post(TO_PEOPLE, PUSH)
    assert (status, answer["code"]) == (400, "InvalidAuthentication")
    assert (await office.legacy(USER, {"userid": "dt-li"}))["errcode"] == legacy
    before = office.token
    await office.sign_in()
    assert (await office.post(TO_PEOPLE, PUSH))[0] == 200
    assert office.token != before
    _, stale = await office.post(f"{USER}?access_token={before}", {"userid": "dt-li"})
    assert stale["errcode"] == legacy


# --- limits ---------------------------------------------------------------------------------------


@pytest.fixture
def long_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine, the calls of a test fall within it."""
    monkeypatch.setattr(gate, "SECOND", 3600.0)


@pytest.mark.usefixtures("long_second")
async def test_20_calls_a_second_for_each_api(office: Desk) -> None:
    answers = await asyncio.gather(*(office.post(TO_PEOPLE, PUSH) for _ in range(21)))
    refused = [answer for status, answer in answers if status == 403]
    assert [answer["code"] for answer in refused] == ["Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"]
    assert (await office.post(CARD, card()))[0] == 200, "another API has its own"
    assert office.fake.calls == {f"POST {TO_PEOPLE}": 20, f"POST {CARD}": 1}, "a refused call does not count"


@pytest.mark.usefixtures("long_second")
async def test_the_legacy_apis_name_the_limit_inside_a_200(office: Desk) -> None:
    office.fake.limits.qps = 1
    answers = [await office.legacy(USER, {"userid": "dt-li"}) for _ in range(2)]
    assert [(one["errcode"], one.get("sub_code")) for one in answers] == [(0, None), (88, "90018")]


async def test_the_limit_can_be_switched_off() -> None:
    async with desk(qps=None) as office:
        answers = await asyncio.gather(*(office.post(TO_PEOPLE, PUSH) for _ in range(40)))
        assert {status for status, _ in answers} == {200}


async def test_the_months_calls_run_out_and_come_back() -> None:
    async with desk(monthly_api_calls=2) as office:
        assert [(await office.post(TO_PEOPLE, PUSH))[0] for _ in range(3)] == [200, 200, 403]
        _, answer = await office.post(TO_PEOPLE, PUSH)
        assert answer["code"] == "Forbidden.AccessDenied.ApiCountLimitForOrg"
        assert (await office.legacy(USER, {"userid": "dt-li"}))["errcode"] == 0, "contacts are free"
        office.clock.wind(timedelta(days=8))  # the first of December in Shanghai
        await office.sign_in()
        assert (await office.post(TO_PEOPLE, PUSH))[0] == 200


async def test_what_is_posted_to_a_session_counts_as_a_push(office: Desk) -> None:
    client = await office.connect()
    office.fake.patience.ack = 0.01
    office.fake.limits.monthly_pushes = 2
    await office.fake.say("dt-li", "在吗")
    url = (await client.heard())["sessionWebhook"]
    said = {"msgtype": "text", "text": {"content": "在"}}
    assert [(await office.post(url, said))[1]["errcode"] for _ in range(2)] == [0, 20001]
    office.fake.limits.webhook_counts = False
    assert (await office.post(url, said))[1]["errcode"] == 0


# --- calls that go wrong --------------------------------------------------------------------------


async def test_calls_fail_as_often_as_they_are_told(office: Desk) -> None:
    office.fake.faults.calls.append(CallFault("*/batchSend", times=2, status=503))
    assert (await office.post(CARD, card()))[0] == 200
    assert [(await office.post(TO_PEOPLE, PUSH))[0] for _ in range(3)] == [503, 503, 200]
    assert office.fake.calls[f"POST {TO_PEOPLE}"] == 1
    log = [(one.path, one.status, one.code) for one in office.fake.requests]
    assert log[-2:] == [(TO_PEOPLE, 503, "ServiceUnavailable"), (TO_PEOPLE, 200, "")]


async def test_legacy_calls_fail_with_a_number(office: Desk) -> None:
    office.fake.faults.calls.append(CallFault("/topapi/*", status=200, code="-1"))
    assert (await office.legacy(USER, {"userid": "dt-li"}))["errcode"] == -1


async def test_a_call_may_be_done_and_its_answer_lost(office: Desk) -> None:
    office.fake.faults.calls.append(CallFault(CARD, drop=True))
    with pytest.raises(aiohttp.ClientError):
        await office.post(CARD, card())
    assert office.fake.transcript.bubbles
    assert (await office.post(CARD, card()))[1]["code"] == "param.cardAlreadyExist"


async def test_calls_may_be_slow(office: Desk) -> None:
    office.fake.faults.calls.append(CallFault(slow=5))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(office.post(TO_PEOPLE, PUSH), 0.05)


async def test_keeps_a_log_of_what_was_asked(office: Desk) -> None:
    await office.post(TO_PEOPLE, PUSH)
    assert office.fake.requests[-1] == Request("POST", TO_PEOPLE, PUSH, 200, "")

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.wecom.api import WeComApi
from bot.wecom.errcodes import failure, of_the_card
from chat.errors import Rejected, Unreachable
from sandbox.clock import WoundClock
from sandbox.fake_wecom import FakeWeCom
from tests.bot.wecom.office import AGENT, CORP, KEY, START, TOKEN


@pytest.fixture
async def fake() -> AsyncIterator[FakeWeCom]:
    fake = FakeWeCom(WoundClock(START), corp_id=CORP, agent_id=AGENT, secret="s", token=TOKEN, aes_key=KEY)
    fake.add_user("WxLi", "李四")
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def api(fake: FakeWeCom) -> AsyncIterator[WeComApi]:
    api = WeComApi(fake.base_url, corp_id=CORP, secret="s", agent_id=AGENT)
    yield api
    await api.close()


def calls(fake: FakeWeCom) -> list[tuple[str, int]]:
    return [(request.name, request.errcode) for request in fake.requests]


async def test_one_token_serves_all_who_ask_at_once(fake: FakeWeCom, api: WeComApi) -> None:
    await asyncio.gather(*(api.send_text("WxLi", f"{n}") for n in range(5)))

    assert [name for name, _ in calls(fake)].count("gettoken") == 1
    assert len(fake.transcript.bubbles) == 5


@pytest.mark.parametrize(("how", "code"), [("expire", 42001), ("forget", 40014)])
async def test_a_spent_token_is_renewed_once(fake: FakeWeCom, api: WeComApi, how: str, code: int) -> None:
    await api.send_text("WxLi", "1")
    getattr(fake.tokens, how)()
    await asyncio.gather(*(api.send_text("WxLi", f"{n}") for n in range(3)))

    assert len(fake.transcript.bubbles) == 4
    assert [name for name, _ in calls(fake)].count("gettoken") == 2
    assert {errcode for _, errcode in calls(fake)} == {0, code}


async def test_a_token_ends_with_its_validity(fake: FakeWeCom, api: WeComApi) -> None:
    await api.send_text("WxLi", "1")
    fake.world.clock.wind(timedelta(hours=3))
    await api.send_text("WxLi", "2")

    assert calls(fake)[2:] == [("message/send", 42001), ("gettoken", 0), ("message/send", 0)]


async def test_a_token_that_is_never_right_is_given_up(fake: FakeWeCom, api: WeComApi) -> None:
    fake.faults.next_errors.extend([40014, 40014])
    with pytest.raises(Unreachable) as failed:
        await api.send_text("WxLi", "1")

    assert failed.value.code == "40014"
    assert [name for name, _ in calls(fake)].count("message/send") == 2


async def test_a_wrong_secret(fake: FakeWeCom) -> None:
    api = WeComApi(fake.base_url, corp_id=CORP, secret="wrong", agent_id=AGENT)
    with pytest.raises(Unreachable) as failed:
        await api.send_text("WxLi", "1")
    await api.close()

    assert failed.value.code == "40001"
    assert "wrong" not in failed.value.reason


@pytest.mark.parametrize(
    ("code", "permanent", "receiver", "after"),
    [
        (-1, False, False, 5),
        (6000, False, False, 1),
        (45009, False, False, 60),
        (45033, False, False, 60),
        (42001, False, False, None),
        (60020, False, False, 600),
        (50003, False, False, 600),
        (40091, False, False, 600),
        (40003, True, True, None),
        (60111, True, True, None),
        (81013, True, True, None),
        (46004, True, True, None),
        (86008, True, True, None),
        (93001, True, True, None),
        (93006, True, True, None),
        (40008, True, False, None),
        (42014, True, False, None),
        (42038, True, False, None),
        (43012, True, False, None),
        (44004, True, False, None),
        (48002, True, False, None),
        (82001, True, False, None),
        (846605, True, False, None),
        (123456, True, False, None),
    ],
)
def test_every_code_says_whether_trying_again_can_help(
    code: int, permanent: bool, receiver: bool, after: int | None
) -> None:
    error = failure(code, "refused")

    assert error.code == str(code)
    if permanent:
        assert isinstance(error, Rejected)
        assert error.receiver is receiver
    else:
        assert isinstance(error, Unreachable)
        assert error.after == (None if after is None else timedelta(seconds=after))


@pytest.mark.parametrize(
    ("code", "card"), [("42014", True), ("43012", True), ("81013", False), ("no way", False)]
)
def test_a_refused_card_is_told_from_a_refused_receiver(code: str, card: bool) -> None:
    assert of_the_card(Rejected("", code=code)) is card


async def test_somebody_whom_nobody_knows(api: WeComApi) -> None:
    with pytest.raises(Rejected) as failed:
        await api.send_text("WxNobody", "1")

    assert (failed.value.code, failed.value.receiver) == ("81013", True)


async def test_success_that_reached_nobody_is_no_success(fake: FakeWeCom, api: WeComApi) -> None:
    fake.faults.unlicensed.add("WxLi")
    with pytest.raises(Rejected) as failed:
        await api.send_text("WxLi", "1")

    assert (failed.value.code, failed.value.receiver) == ("unlicenseduser", True)


@pytest.mark.parametrize("fault", ["slow", "drop"])
async def test_a_network_that_fails(fake: FakeWeCom, api: WeComApi, fault: str) -> None:
    await api.token()
    assert api._session is not None
    api._session._timeout = aiohttp.ClientTimeout(total=0.2)
    setattr(fake.faults, fault, 1)
    with pytest.raises(Unreachable) as failed:
        await api.send_text("WxLi", "1")

    assert failed.value.code == "network"
    assert "access_token" not in failed.value.reason


async def test_an_address_that_is_no_wecom() -> None:
    api = WeComApi("http://127.0.0.1:9", corp_id=CORP, secret="s", agent_id=AGENT)
    with pytest.raises(Unreachable):
        await api.token()
    await api.close()

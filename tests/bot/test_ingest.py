"""POST /api/v1/metrics of the running bot: what is taken, what is refused, and what the chat shows of it."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.ingest import Ingest
from bot.piecemeal import NotPoints, points_of
from sandbox.clock import WoundClock
from sandbox.stage import MADE_UP, Stage, staged
from storage import precedence
from tests.conversations.phones import Phone
from tests.engines import MONDAY
from tests.quiet import QUIET_JOBS

POINT = {
    "id": "pos-88231",
    "metric": "sales",
    "unit": "西湖店",
    "at": "2026-11-23T09:02:00+08:00",
    "value": "128.50",
}
GOAL = "新建目标 门店销售冲刺\nKR 门店流水 本季累计 从 0 到 1000 次 数据 visits\nKR 陈列检查 从 0 到 12 次"


class Till:
    """A system that pushes its data to the bot."""

    def __init__(self, stage: Stage, http: aiohttp.ClientSession) -> None:
        self.stage = stage
        self._http = http
        self._url = f"http://127.0.0.1:{stage.application.port}/api/v1/metrics"

    async def push(self, *points: object, token: str = MADE_UP) -> tuple[int, dict[str, Any]]:
        return await self.send(json.dumps({"points": points}).encode(), authorization=f"Bearer {token}")

    async def send(
        self, body: bytes, *, authorization: str = f"Bearer {MADE_UP}", encoding: str = ""
    ) -> tuple[int, Any]:
        said = {"Authorization": authorization, "Content-Encoding": encoding}
        headers = {name: value for name, value in said.items() if value}
        async with self._http.post(self._url, data=io.BytesIO(body), headers=headers) as response:
            return response.status, await response.json()


@asynccontextmanager
async def at_the_till(url: str) -> AsyncIterator[Till]:
    async with (
        staged(url, WoundClock(MONDAY), furnished=False, jobs=QUIET_JOBS) as stage,
        aiohttp.ClientSession() as http,
    ):
        yield Till(stage, http)


@pytest.fixture
async def till(sqlite_company_url: str) -> AsyncIterator[Till]:
    async with at_the_till(sqlite_company_url) as opened:
        yield opened


@pytest.fixture
async def company_till(company_url: str) -> AsyncIterator[Till]:
    """On either database."""
    async with at_the_till(company_url) as opened:
        yield opened


def taken(accepted: int = 0, duplicate: int = 0, **rejected: str) -> dict[str, Any]:
    named = [
        {"index": int(index.removeprefix("at_")), "reason": reason} for index, reason in rejected.items()
    ]
    return {"accepted": accepted, "duplicate": duplicate, "rejected": named}


async def test_what_can_be_taken_is_taken_and_the_rest_is_named(till: Till) -> None:
    status, told = await till.push(
        POINT,
        {**POINT, "id": "2", "unit": "西胡店"},
        {**POINT, "id": "3", "value": "很多"},
        {**POINT, "id": "4", "at": "2026-11-24T09:02:00+08:00"},
        {**POINT, "id": "5", "metric": "salse"},
        {**POINT, "id": "6", "employee": "E9999"},
        {**POINT, "id": "7", "value": -28.5, "employee": "E0102"},
        "pos-8",
    )

    assert status == 200
    assert (told["accepted"], told["duplicate"]) == (2, 0)
    assert [(one["index"], one["reason"].split(":")[0].split(",")[0]) for one in told["rejected"]] == [
        (1, "没有部门或门店「西胡店」"),
        (2, "value 不是数"),
        (3, "at 在将来"),
        (4, "没有指标 salse"),
        (5, "没有工号 E9999"),
        (7, "不是一个对象"),
    ]


async def test_a_replay_changes_nothing_and_another_value_corrects(till: Till) -> None:
    assert await till.push(POINT) == (200, taken(1))
    assert await till.push(POINT) == (200, taken(0, 1))
    assert await till.push({**POINT, "value": "100"}) == (200, taken(1))
    assert await till.push() == (200, taken())


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("", 401),
        ("Bearer", 401),
        ("Bearer wrong", 401),
        (f"Basic {MADE_UP}", 401),
        (f"Bearer {MADE_UP}x", 401),
        (f"bearer {MADE_UP}", 200),
    ],
)
async def test_only_who_has_a_token_delivers(till: Till, authorization: str, status: int) -> None:
    body = json.dumps({"points": [POINT]}).encode()

    assert (await till.send(body, authorization=authorization))[0] == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b'{"point": []}', 422),
        (b'{"points": {}}', 422),
        (b"\xff\xfe", 422),
        (b"[" * 100_000, 422),
        (b'{"points": [' + b'{"id": "1"},' * 8000 + b"}", 422),
        (b" " * (5 * 1024 * 1024 + 1), 413),
    ],
)
async def test_what_is_no_delivery_is_refused(till: Till, body: bytes, status: int) -> None:
    got, told = await till.send(body)

    assert got == status
    assert told["error"]


@pytest.mark.parametrize(
    "odd",
    [
        b'"id": "\\ud800"',
        b'"id": "a\\u0000b"',
        b'"metric": "\\ud800"',
        b'"metric": "\\u0000"',
        b'"unit": "\\ud800"',
        b'"unit": "\\u0000"',
        b'"employee": "\\ud800"',
        b'"employee": "\\u0000"',
        b'"at": "\\ud800"',
        b'"value": "\\ud800"',
        b'"value": 1e99999999999999999999',
        b'"value": 1e-99999999999999999999',
        b'"value": 1' + b"0" * 5000,
    ],
)
async def test_what_nobody_could_keep_or_count_stops_only_its_own_point(
    company_till: Till, odd: bytes
) -> None:
    good = json.dumps(POINT).encode()

    status, told = await company_till.send(b'{"points": [%b, %b%b}]}' % (good, good[:-1], b", " + odd))

    assert (status, told["accepted"]) == (200, 1), told
    assert [one["index"] for one in told["rejected"]] == [1]


async def test_a_packed_body_is_unpacked_and_a_broken_one_is_refused_in_words(till: Till) -> None:
    body = json.dumps({"points": [POINT]}).encode()

    assert await till.send(gzip.compress(body), encoding="gzip") == (200, taken(1))
    assert await till.send(gzip.compress(b" " * 50_000_000), encoding="gzip") == (
        413,
        {"error": "一次最多 5 MB(大约三万个数),分几次推:推过的再推一次也不会算两遍"},
    )
    assert await till.send(body, encoding="gzip") == (422, {"error": "正文没有收全,或者解不开压缩"})


async def test_a_mark_of_the_byte_order_is_no_part_of_the_body(till: Till) -> None:
    assert await till.send(json.dumps({"points": [POINT]}).encode("utf-8-sig")) == (200, taken(1))


async def test_the_token_is_in_no_log_and_in_no_answer(till: Till) -> None:
    with capture_logs() as logs:
        answers = [await till.push(POINT), await till.push(POINT, token=f"{MADE_UP}x")]

    assert MADE_UP not in repr(logs)
    assert MADE_UP not in repr(answers)


async def test_a_key_result_moves_with_its_source_and_only_that_one(till: Till) -> None:
    phone = Phone(till.stage, "dingtalk", "王店")
    draft = await phone.say(GOAL)
    assert draft is not None
    drafted = draft.text
    objective = next(word for word in drafted.replace("「", " ").split() if word.startswith("O"))
    await phone.say(f"提交 {objective.strip(':,')}")
    boss = Phone(till.stage, "dingtalk", "周敏")
    await boss.say("同意")
    visit = {**POINT, "metric": "visits"}
    await till.push(visit, {**visit, "id": "2", "value": "371.5"})
    seen = await phone.say("查看 门店流水")
    assert seen is not None
    assert "500" in seen.text
    assert "POS" in seen.text
    other = await phone.say("查看 陈列检查")
    assert other is not None
    assert "POS" not in other.text


@pytest.mark.postgres
async def test_large_deliveries_do_not_hurt_the_chat(postgres_company_url: str) -> None:
    async with at_the_till(postgres_company_url) as till:
        await _beside(till)


async def test_large_deliveries_do_not_hurt_the_chat_on_sqlite(till: Till) -> None:
    await _beside(till)


async def _beside(till: Till) -> None:
    """Several megabytes at once, and a chat command in the middle of it that is answered long before they are through."""
    phone = Phone(till.stage, "dingtalk", "李四")
    body = {"points": [{**POINT, "id": f"p{n}", "value": n % 50} for n in range(30_000)]}
    pushing = asyncio.create_task(till.send(json.dumps(body).encode()))
    await asyncio.sleep(0.1)
    assert await phone.say("我的目标") is not None
    still_pushing = not pushing.done()
    assert (await pushing)[1] == taken(30_000)
    assert still_pushing


async def test_who_has_just_chatted_goes_before_what_is_delivered(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precedence, "CALM", 1e9)
    order = till.stage.application.database.precedence
    assert not order.expected

    await Phone(till.stage, "dingtalk", "李四").say("我的目标")

    assert order.expected
    assert (await till.push(POINT))[1] == taken(1)


# --- a body in pieces ---


async def breathe() -> None:
    """Nobody else is there."""


@pytest.mark.parametrize("count", [0, 1, 5000])
async def test_a_body_in_pieces_is_what_it_is_as_a_whole(count: int) -> None:
    points = [{"id": str(n), "value": n / 8, "more": {"a": [1, "]}"]}} for n in range(count)]
    body = json.dumps({"points": points}).encode()

    assert json.loads(json.dumps(await points_of(body, breathe), default=float)) == points


@pytest.mark.parametrize("tail", [b"", b"}", b"]", b"]}x", b"] }, 1"])
async def test_a_broken_end_is_noticed_in_a_large_body(tail: bytes) -> None:
    with pytest.raises(NotPoints):
        await points_of(b'{"points": [' + b'{"id": "1"},' * 8000 + b'{"id": "2"}' + tail, breathe)


async def test_every_token_is_compared_whole(till: Till) -> None:
    ingest: Ingest = till.stage.application.ingest

    assert ingest._source(f"Bearer {MADE_UP}") == "POS"
    assert ingest._source("Bearer ") is None

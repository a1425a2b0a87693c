"""Goals that data move, as people meet them in the chat."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from okr.objectives import Basis
from okr.policy import Policy
from storage.database import Database
from tests.handlers.desk import WANG, Desk
from tests.storage.company import NOON, employ, goal
from tests.storage.test_metrics import METRICS, deliver, fed_by, key_result, point


@pytest.fixture
async def desk(database: Database) -> Desk:
    """王店 has KR1, the sales of his store: 500 元 so far."""

    async def fill(session):  # type: ignore[no-untyped-def]
        await employ(session)
        await goal(session, fed_by("sales", Basis.QUARTER), owner=WANG)
        await deliver(session, point("1", 500, NOON - timedelta(minutes=30)))

    await database.transact(fill)
    return Desk(database, Policy(metrics=METRICS))


async def value(desk: Desk) -> Decimal | None:
    return (await desk.does(lambda session: key_result(session, 1))).value


async def test_a_typed_value_asks_for_a_reason_and_the_reason_completes_it(desk: Desk) -> None:
    asked = await desk.says(WANG, "更新 KR1 480")

    assert "POS 自动记的:现在 500 元" in asked
    assert "今天 11:30 的数" in asked
    assert await value(desk) == Decimal(500)
    assert "变小了,没打错吧" in await desk.says(WANG, "盘点更正")
    assert "说明:盘点更正" in await desk.says(WANG, "1")
    assert await value(desk) == Decimal(480)


async def test_an_override_is_seen_and_taken_back(desk: Desk) -> None:
    told = await desk.says(WANG, "更新 KR1 520 原因 盘点更正")
    assert "500 → 520 元" in told
    seen = await desk.says(WANG, "查看 KR1")
    assert "王店 手工改的,下一笔 销售额 数据进来就以数据为准" in seen
    history = await desk.says(WANG, "历史 KR1")
    assert "盘点更正" in history
    back = await desk.says(WANG, "用数据 KR1")
    assert "又跟着数据走了:500 元" in back
    assert await value(desk) == Decimal(500)
    assert "手工改的" not in await desk.says(WANG, "查看 KR1")


async def test_the_data_speak_again_by_themselves(desk: Desk) -> None:
    await desk.says(WANG, "更新 KR1 520 原因 盘点更正")
    await desk.does(lambda session: deliver(session, point("2", 10)))

    assert await value(desk) == Decimal(510)


async def test_what_was_sold_today_is_not_added_twice(desk: Desk) -> None:
    told = await desk.says(WANG, "今天卖了3200")

    assert "是系统自动记的,不用报:现在 500 元" in told
    assert "POS 今天 11:30 的数" in told
    assert await value(desk) == Decimal(500)


async def test_why_names_source_metric_and_period(desk: Desk) -> None:
    told = await desk.says(WANG, "为什么 KR1")

    assert "数是 POS 今天 11:30 报的:500 元" in told
    assert "数据 销售额 · 本季累计 10月1日–今天" in told


async def test_without_a_source_there_is_nothing_to_go_back_to(desk: Desk) -> None:
    async def by_hand(session):  # type: ignore[no-untyped-def]
        await goal(session, owner=WANG)

    await desk.does(by_hand)

    assert "KR2 没有接系统数据" in await desk.says(WANG, "用数据 KR2")

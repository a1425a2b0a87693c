"""数据断更提醒: a source that is silent, and what cannot be placed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from okr.objectives import Basis, Kind, Measure
from okr.pulling import Trouble
from storage import sources
from storage.database import Database
from storage.session import Session
from tests.scheduler.reminders.stage import OFFICE, Office, at
from tests.storage.test_metrics import deliver, point

JOB = "data_stale"
SALES = Measure(Kind.NUMBER, "元", Basis.QUARTER, Decimal(0), Decimal(1000), cumulative=True)


@pytest.fixture
async def office(staffed: Database) -> Office:
    """周敏's KR1 follows POS, which has brought something on Sunday evening."""
    office = Office(staffed, at("2026-11-24 10:00"))
    await office.goal(OFFICE, measure=SALES, title="区域销售额", metric="sales")
    await push(office, "2026-11-22 20:00")
    return office


async def push(office: Office, moment: str, value: int = 10, **changed: Any) -> None:
    when = at(moment)

    async def work(session: Session) -> None:
        await deliver(session, point(moment, value, when, **changed), at=when)

    await office.database.transact(work)


async def test_the_owner_and_who_looks_after_the_data_hear_of_a_silent_source(office: Office) -> None:
    assert await office.run(JOB) == "2 to say, 2 letters"
    await office.wind("2026-11-24 10:00")

    texts = sorted(office.texts(), key=len)
    assert all("⚠️ POS 38 个小时没有新数据了,最后一笔是" in text for text in texts)
    assert any("跟着停住的你的目标 1 个" in text and "KR1 区域销售额" in text for text in texts)
    assert any("忽略数据 POS" in text for text in texts)


@pytest.mark.parametrize("moment", ["2026-11-22 22:01", "2026-11-24 09:00"])
async def test_within_a_day_and_a_half_nothing_is_said(office: Office, moment: str) -> None:
    await push(office, moment)

    assert await office.run(JOB) == "0 to say, 0 letters"


async def fail(office: Office, times: int, trouble: Trouble = Trouble.AUTH) -> None:
    async def work(session: Session) -> None:
        for _ in range(times):
            await sources.failed(session, "POS", str(trouble), at("2026-11-23 09:00"))

    await office.database.transact(work)


async def test_three_syncs_that_failed_are_told_with_their_kind_and_the_last_good_moment(
    office: Office,
) -> None:
    await fail(office, 2)
    assert await office.run(JOB, "2026-11-23 10:15") == "0 to say, 0 letters"
    await fail(office, 1)
    assert await office.run(JOB, "2026-11-23 11:15") == "2 to say, 2 letters"
    await office.wind("2026-11-23 11:15")

    steward, owner = sorted(office.texts(), key=lambda text: "手工补录" in text)
    assert "「POS」连着 3 次没拉到:账号或令牌不对" in steward
    assert "最后一笔好数据是昨天 20:00" in steward
    assert "KR1 区域销售额" in steward
    assert "重试同步 POS" in steward
    assert "更新 KR1 数字 原因 手工补录" in owner


async def test_who_fails_is_not_called_silent_too(office: Office) -> None:
    await fail(office, 3, Trouble.WEB_PAGE)

    assert await office.run(JOB) == "2 to say, 2 letters"
    await office.wind("2026-11-24 10:00")
    assert all("回来的是网页,不是数据" in text for text in office.texts())


async def test_what_jumps_and_what_falls_is_told_without_its_value(office: Office) -> None:
    for day in range(23, 26):
        await push(office, f"2026-11-{day} 20:00")
    assert await office.run(JOB, "2026-11-26 09:15") == "0 to say, 0 letters"
    await push(office, "2026-11-26 20:00", value=40)
    assert await office.run(JOB, "2026-11-27 09:15") == "2 to say, 2 letters"
    await office.wind("2026-11-27 09:15")
    assert len(office.texts()) == 2, office.texts()
    assert all("KR1 区域销售额:昨天是平时的 4 倍" in text for text in office.texts()), office.texts()
    assert not any("80" in text for text in office.texts())
    await push(office, "2026-11-27 10:00", value=-30)
    assert await office.run(JOB, "2026-11-27 10:15") == "2 to say, 2 letters"
    await office.wind("2026-11-27 10:15")
    assert any("累计的数今天少了 38%" in text for text in office.texts())


async def test_how_often_a_source_is_expected_is_its_own(office: Office) -> None:
    office.policy = replace(office.policy, expected={"POS": timedelta(days=7)})
    assert await office.run(JOB) == "0 to say, 0 letters"
    office.policy = replace(office.policy, expected={"POS": timedelta(hours=1)})
    assert await office.run(JOB, "2026-11-24 11:00") == "2 to say, 2 letters"


async def test_run_again_it_says_nothing_new_and_worse_at_once(office: Office) -> None:
    assert await office.run(JOB) == "2 to say, 2 letters"
    assert await office.run(JOB, "2026-11-25 10:00") == "2 to say, 0 letters"
    assert await office.run(JOB, "2026-11-27 10:00") == "2 to say, 2 letters"


async def test_on_a_holiday_it_waits_and_is_dropped_when_the_data_are_back(staffed: Database) -> None:
    office = Office(staffed, at("2026-02-17 10:00"))
    await office.goal(OFFICE, measure=SALES, title="区域销售额", metric="sales")
    await push(office, "2026-02-15 10:00")

    assert await office.run(JOB) == "2 to say, 2 letters"
    await office.wind("2026-02-17 10:00")
    assert office.texts() == []
    await push(office, "2026-02-24 08:00")
    await office.wind("2026-02-24 09:00")

    assert await office.states() == ["dropped", "dropped"]


async def test_what_cannot_be_placed_is_named_to_who_looks_after_the_data(office: Office) -> None:
    await push(office, "2026-11-24 09:00")
    await push(office, "2026-11-24 09:30", unit="西胡店")

    assert await office.run(JOB) == "1 to say, 1 letters"
    await office.wind("2026-11-24 10:00")

    [text] = office.texts()
    assert "POS 有 1 条数据对不上,没有算进目标" in text
    assert "没有部门或门店「西胡店」" in text

"""机制对比 by numbers worked out by hand; whose figures go into it; and that a change waits for the next quarter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.company import CompanySettings
from config.settings import Company, Settings
from okr.cycle import cycle_of
from okr.mechanism import Mechanism
from sandbox.cast import CAST
from sandbox.sample_company import staff_row
from scheduler.housekeeping import keep_mechanisms
from sheets.staff import StaffRow
from storage import ingesting, mechanisms, staff, units
from storage.database import Database
from storage.ingesting import Delivery
from storage.session import Session
from tests.handlers.desk import CHEN, LI, WANG, ZHOU, Desk
from tests.handlers.test_company_settings import Running, opened
from tests.handlers.test_side_by_side import clerk as clerk_of

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
WEEKLY = [f"周{n}店" for n in range(1, 7)]
MONTHLY = [f"月{n}店" for n in range(1, 6)]
FILE = Settings.model_validate(
    {
        "company": Company(admins=(CHEN,)),
        "rules": [{"when": {"store": WEEKLY}, "mechanism": "weekly"}],
    }
)
"""Days of a quarter that are compared: the first of the month before and the same day of the quarter before that."""
THEN, SINCE = ("2026-07-06", "2026-08-10"), ("2026-10-06", "2026-11-10")


def clerk(place: int, store: str, kind: str = "社区店") -> StaffRow:
    return replace(clerk_of(place, store), store_type=kind)


async def deliver(session: Session, desk: Desk, sums: Mapping[str, tuple[int, int]], metric: str) -> None:
    """Of each store what it sold on each of the days of the quarter before, and of this one."""
    delivery = Delivery("POS", NOW, desk.policy.zone, desk.policy.metrics, await units.known(session))
    points = [
        {
            "id": f"{store}-{metric}-{day}",
            "metric": metric,
            "unit": store,
            "at": f"{day}T12:00:00",
            "value": str(value),
        }
        for store, both in sums.items()
        for days, value in zip((THEN, SINCE), both, strict=True)
        for day in days
    ]
    await ingesting.deliver(session, points, delivery)


@pytest.fixture
async def running(sqlite_url: str):  # type: ignore[no-untyped-def]
    """Weekly stores sell 28 % more than in the quarter before, monthly ones 5 %: 23 points apart."""
    async with Database(sqlite_url) as database:
        there = opened(Desk(database, CompanySettings(FILE, database).policy, NOW), FILE)

        async def fill(session: Session) -> None:
            rows = [staff_row(member) for member in CAST]
            rows += [clerk(n, store) for n, store in enumerate([*WEEKLY, *MONTHLY])]
            rows += [clerk(50, "商场店", "商圈店"), clerk(51, "新店")]
            await staff.take_in(session, rows, NOW)
            sums = {store: (1000 * (n + 1), 1280 * (n + 1)) for n, store in enumerate(WEEKLY)}
            sums |= {store: (2000 + n, 2100) for n, store in zip((0, 1, -1, 2, -2), MONTHLY, strict=True)}
            await deliver(session, there.desk, sums | {"商场店": (100, 900)}, "sales")
            orders = dict.fromkeys(WEEKLY, (100, 100)) | dict.fromkeys(MONTHLY, (100, 105))
            await deliver(session, there.desk, orders, "orders")

        await database.transact(fill)
        yield there


async def test_a_known_difference_of_23_percent_comes_out_as_it_is(running: Running) -> None:
    told = await running.desk.says_without_picture(CHEN, "机制对比")

    assert told.startswith("销售额 · 本季:周更新的店比固定月的多涨 23.0 个百分点")
    assert "周更新 6 家:比上一季 +28.0%,6 家在涨" in told
    assert "固定月 5 家:比上一季 +5.0%,5 家在涨" in told
    assert "1 家的门店类型只有一组有,没比" in told, "商场店 is like none of the others"
    assert "按营业天数折算" in told
    assert "先别下结论" not in told


async def test_a_ratio_is_added_up_before_it_is_divided(running: Running) -> None:
    told = await running.desk.says_without_picture(CHEN, "机制对比 客单价")

    assert "客单价 · 本季:周更新的店比固定月的多涨 28.0 个百分点" in told
    assert "固定月 5 家:比上一季 0.0%" in told


async def test_small_groups_are_warned_about_and_a_region_counts_its_own(running: Running) -> None:
    await running.says(CHEN, "设置 机制 周1店 固定月")
    await running.says(CHEN, "1")
    await running.desk.does(lambda session: session.run("DELETE FROM unit_mechanisms WHERE unit <> '周2店'"))
    await running.desk.does(
        lambda session: session.run("UPDATE unit_mechanisms SET mechanism = 'monthly' WHERE unit = '周2店'")
    )
    told = await running.desk.says_without_picture(ZHOU, "机制对比 销售额 本季")
    assert "⚠ 周更新 4 家,一组不到 5 家,可能是碰巧,先别下结论" in told
    assert "固定月 7 家" in told
    assert "换一家店的机制" not in told, "she is no administrator"


@pytest.mark.parametrize("who", [LI, WANG])
async def test_other_stores_figures_are_not_in_it_for_who_may_not_see_them(
    running: Running, who: str
) -> None:
    told = await running.desk.says(who, "机制对比")
    assert "还没有两组能比的店" in told
    assert "你看得到数的只有 1 家店" in told


async def test_a_switch_holds_from_the_next_quarter_on(running: Running) -> None:
    before = (await running.desk.says_without_picture(CHEN, "机制对比")).splitlines()[:3]
    asked = await running.says(CHEN, "设置 机制 月1店 周更新")
    assert asked.startswith("月1店的目标机制:跟公司的一样 → 周更新,改吗?")
    assert "从 2027Q1 起算,正在跑的这个季度不变" in asked
    kept = await running.says(CHEN, "1")
    assert "从 2027Q1 起算" in kept

    assert (await running.desk.says_without_picture(CHEN, "机制对比")).splitlines()[:3] == before
    assert "2027Q1 起:月1店 固定月 → 周更新" in await running.says(CHEN, "设置 机制")

    async def next_quarter(session: Session) -> dict[str, Mechanism]:
        due = datetime(2027, 1, 1, 0, 2, tzinfo=running.desk.policy.zone)
        await keep_mechanisms.run(session, due, running.desk.policy)
        return await mechanisms.held(session, cycle_of("2027Q1").start)

    held = await running.desk.does(next_quarter)
    assert held["月1店"] is Mechanism.WEEKLY
    assert held["月2店"] is Mechanism.MONTHLY
    assert held["周1店"] is Mechanism.WEEKLY

    await running.says(CHEN, "设置 恢复 1")
    assert (await running.says(CHEN, "1")).startswith("✅ 月1店的目标机制:周更新 → 跟公司的一样")
    assert "2027Q1 起" not in (await running.says(CHEN, "设置 机制")).replace("现在改,2027Q1 起", "")


async def test_a_changed_file_waits_too(running: Running) -> None:
    await running.desk.says(CHEN, "机制对比")
    running.company.settle(Settings())
    told = await running.desk.says_without_picture(ZHOU, "机制对比")
    assert "周更新 6 家:比上一季 +28.0%" in told


async def test_a_quarter_that_is_over_has_the_ways_that_held_then(running: Running) -> None:
    assert "还没有两组能比的店" in await running.desk.says(CHEN, "机制对比 销售额 2026Q3"), "nobody kept them"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("设置 机制 火星店 周更新", "没找到「火星店」这家店"),
        ("设置 机制 月1店", "月1店改成哪一种?"),
        ("设置 机制 月1店 随便", "月1店改成哪一种?"),
    ],
)
async def test_what_is_unclear_says_what_would_do(running: Running, said: str, answer: str) -> None:
    assert answer in await running.says(CHEN, said)


async def test_only_who_runs_the_company_may(running: Running) -> None:
    assert "管理员" in await running.desk.says(ZHOU, "设置 机制 月1店 周更新")

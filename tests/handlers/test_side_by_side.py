"""对比 and 区域对比, recomputed from the points themselves; who may see what; the table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from config.policy import policy_of
from config.settings import Settings
from sandbox.cast import CAST
from sandbox.sample_company import staff_row
from sheets.packing import unpacked
from sheets.staff import StaffRow
from storage import day_actions, ingesting, staff, units
from storage.database import Database
from storage.day_actions import DONE, OPEN, DayAction
from storage.ingesting import Delivery
from storage.session import Session
from tests.engines import MONDAY
from tests.handlers.desk import CHEN, LI, LIN, WANG, ZHOU, Desk, words

STORES = {"古墩店": 100, "文二店": 101, "拱墅店": 99, "滨康店": 102, "萧山店": 200, "临平店": 98}


def clerk(place: int, store: str) -> StaffRow:
    return replace(
        staff_row(CAST[4]),
        number=f"E09{place:02}",
        name=f"店员{place}",
        department=f"总部/华东区/{store}",
        manager_number="E0003",
        store=store,
        dingtalk_id="",
        wecom_id="",
    )


@pytest.fixture
async def desk(sqlite_company_url: str):  # type: ignore[no-untyped-def]
    async with Database(sqlite_company_url) as database:
        desk = Desk(database, replace(policy_of(Settings()), hr=frozenset({LIN})), MONDAY)

        async def fill(session: Session) -> None:
            rows = [staff_row(member) for member in CAST]
            await staff.take_in(session, [*rows, *(clerk(n, one) for n, one in enumerate(STORES))], MONDAY)
            known = await units.known(session)
            delivery = Delivery("POS2", MONDAY, desk.policy.zone, desk.policy.metrics, known)
            points = [
                {
                    "id": f"{store}-{metric}-{day}",
                    "metric": metric,
                    "unit": store,
                    "at": f"2026-11-{day:02}T12:00:00",
                    "value": value,
                }
                for place, (store, each) in enumerate(STORES.items())
                for day in range(1, 23)
                for metric, value in (("sales", str(each * (10 + day))), ("orders", str(10 + day)))
                if not (place == 5 and day < 10)
            ]
            for begin in range(0, len(points), 100):
                await ingesting.deliver(session, points[begin : begin + 100], delivery, first=begin)

        await database.transact(fill)
        yield desk


async def points_of(desk: Desk, first: date, last: date) -> dict[str, dict[str, int]]:
    """Sums of the points themselves, by unit and metric."""

    async def work(session: Session) -> dict[str, dict[str, int]]:
        begin = datetime(first.year, first.month, first.day, tzinfo=desk.policy.zone)
        end = datetime(last.year, last.month, last.day, tzinfo=desk.policy.zone) + timedelta(days=1)
        rows = await session.all(
            "SELECT s.unit, s.metric, p.value FROM metric_points p JOIN metric_series s ON s.id = p.series_id"
            " WHERE p.at >= ? AND p.at < ?",
            begin,
            end,
        )
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for unit, metric, value in rows:
            found[unit][metric] += value
        return found

    return await desk.does(work)


async def test_stores_by_what_an_order_brings(desk: Desk) -> None:
    told = await desk.says_without_picture(ZHOU, "对比 客单价 按 门店 本月")
    sums = await points_of(desk, date(2026, 11, 1), date(2026, 11, 23))
    for store in STORES:
        value = Decimal(sums[store]["sales"]) / sums[store]["orders"]
        assert f"{store} {value:,.0f} 元" in told
    assert told.startswith("客单价 · 按门店 · 本月:中位 ")
    assert "萧山店明显高" in told.splitlines()[0]
    assert "萧山店 200 元 · ▲ 比中位高" in told
    assert "离中位超过 3 倍离散" in told


async def test_regions_and_the_same_stores(desk: Desk) -> None:
    assert "能比的区域只有 1 个" in await desk.says(
        ZHOU, "对比 销售额 按 区域 本月"
    ) or "按区域" in await desk.says(CHEN, "对比 销售额 按 区域 本月")
    told = await desk.says(CHEN, "对比 销售额 按 门店 本周 同店")
    assert "同店:" in told or "能比的门店只有" in told
    told = await desk.says_without_picture(CHEN, "对比 销售额 按 门店 上周 同店")
    week, before = (
        await points_of(desk, date(2026, 11, 16), date(2026, 11, 22)),
        await points_of(desk, date(2026, 11, 9), date(2026, 11, 15)),
    )
    share = Decimal(week["古墩店"]["sales"]) / before["古墩店"]["sales"] - 1
    assert f"比上一段 +{share * 100:.0f}%" in told
    assert "同店:都能比" in told


async def test_weeks_of_stores_and_of_ones_own(desk: Desk) -> None:
    told = await desk.says_without_picture(ZHOU, "对比 销售额 按 门店,周")
    weeks = [
        (await points_of(desk, first, first + timedelta(days=6)))["萧山店"]["sales"] // 10**6
        for first in (date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16))
    ]
    assert f"萧山店 {weeks[0]:,} → {weeks[1]:,} → {weeks[2]:,} → —" in told
    own = await desk.says_without_picture(WANG, "对比 销售额 按 周")
    assert own.startswith("销售额 · 按周 · 西湖店")
    assert "本周到今天 536 元" in own


@pytest.mark.parametrize(
    ("who", "sees"), [(LI, False), (WANG, False), (ZHOU, True), (CHEN, True), (LIN, True)]
)
async def test_stores_are_for_their_line_and_headquarters(desk: Desk, who: str, sees: bool) -> None:
    told = await desk.says_without_picture(who, "对比 销售额 按 门店 本月")
    assert ("萧山店" in told) is sees
    assert ("能比的门店只有 1 个" in told) is not sees


async def test_grades_of_few_people_are_not_shown(desk: Desk) -> None:
    told = await desk.says(CHEN, "对比 销售额 按 职级 本月")
    assert "没有能比的职级" in told or "不到 4 个人的" in told
    assert "不到 4 个人的" in await desk.says(CHEN, "对比 销售额 按 门店,职级 本月")


async def test_what_to_compare(desk: Desk) -> None:
    assert "想比哪个数" in await desk.says(LI, "对比")
    assert "没有叫「天气」的数,想比哪个?" in await desk.says(LI, "对比 天气 按 门店")


async def test_what_is_offered_instead_works_for_who_asks(desk: Desk) -> None:
    """A store's staff see no other store: they are not sent to the same question again."""
    told = await desk.says(WANG, "对比 客单价 按 门店 本月")

    assert "一周周看自己的发:对比 客单价 按 周" in told
    assert "客单价 · 按周 · 西湖店" in await desk.says(WANG, "对比 客单价 按 周")


async def test_regions_by_how_they_carry_their_goals(desk: Desk) -> None:
    told = await desk.says_without_picture(LI, "区域对比")
    assert told.startswith("2026Q4 区域对比:华东")
    assert "更新 " in told
    assert "预警 0 次" in told
    assert "回应 —" in told
    for named in ("2026Q4", "Q4", "本季度"):
        assert (await desk.says(LI, f"区域对比 {named}")).splitlines()[0] == told.splitlines()[0]
    assert "2031Q1 没有目标" in await desk.says(LI, "区域对比 2031Q1")
    assert "2026Q9" in await desk.says(LI, "区域对比 2026Q9")


async def test_the_table_holds_what_is_shown(desk: Desk) -> None:
    heard = await desk.dispatch.hear(desk.message(ZHOU, "对比 销售额 按 门店 本月 导出"))
    assert heard is not None

    async def files(session: Session) -> list[Any]:
        return list(await session.all("SELECT name, content FROM files WHERE name LIKE '%.xlsx'"))

    (row,) = await desk.does(files)
    assert row[0].startswith("对比 销售额 按门店 本月")
    ((_, _, lines),) = unpacked(bytes(row[1]))
    table = {line[0]: line for line in lines}
    sums = await points_of(desk, date(2026, 11, 1), date(2026, 11, 23))
    assert Decimal(str(table["萧山店"][1])) == Decimal(sums["萧山店"]["sales"]) / 10**6
    assert table["萧山店"][3] == "高"


async def test_a_store_that_rose_after_something_was_done_is_told_with_it(desk: Desk) -> None:
    """文二店 sold twice as much from the 9th on, and so did nobody else."""
    number = await desk.does(lambda session: _rises(session, desk))
    heard = await desk.dispatch.hear(desk.message(CHEN, "对比 销售额 按 门店 本月"))
    assert f"◆ 文二店 11月9日 A{number}「陈列调整」以后,比别家多涨 " in words(heard)
    assert heard.parcel is not None
    assert heard.parcel.card.face.buttons[0].say == f"查看 {await _kr(desk)}"
    assert "◆" not in await desk.says(ZHOU, "对比 客单价 按 区域 本月")
    await desk.does(lambda session: session.run("UPDATE day_actions SET state = 'open'"))
    assert "◆" not in await desk.says(CHEN, "对比 销售额 按 门店 本月"), "it was not done"


async def _kr(desk: Desk) -> str:
    row = await desk.does(lambda session: session.one("SELECT min(kr_id) FROM day_actions"))
    assert row is not None
    return f"KR{row[0]}"


async def _rises(session: Session, desk: Desk) -> int:
    await session.run(
        "UPDATE metric_days SET total = total * 3 WHERE day >= ? AND series_id IN"
        " (SELECT id FROM metric_series WHERE unit = '文二店' AND metric = 'sales')",
        date(2026, 11, 9),
    )
    clerk = await session.one("SELECT id FROM employees WHERE number = 'E0901'")
    kr = await session.one(
        "SELECT min(k.id) FROM key_results k JOIN objectives o ON o.id = k.objective_id WHERE o.state = 'active'"
    )
    assert clerk is not None
    assert kr is not None
    action = DayAction(0, kr[0], clerk[0], clerk[0], date(2026, 11, 9), "陈列调整", "", OPEN, desk.now, None)
    number = await day_actions.write(session, action)
    await day_actions.settle(session, number, DONE, desk.now)
    return number

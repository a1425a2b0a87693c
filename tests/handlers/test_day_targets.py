"""日目标 and 停业, asked in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chat.events import ChatKind
from config.policy import policy_of
from config.settings import Settings
from okr.metrics import Window
from storage import figures, objectives
from storage.database import Database
from storage.series import SeriesKey, series_ids
from storage.session import Session, moment
from tests.engines import MONDAY
from tests.handlers.desk import LI, LIN, WANG, ZHANG, ZHOU, Desk, words

GOAL = "新建目标 门店流水冲刺\nKR 门店流水 本季累计 从 0 到 300万 元 数据 sales"


@pytest.fixture
async def desk(sqlite_company_url: str):  # type: ignore[no-untyped-def]
    async with Database(sqlite_company_url) as database:
        yield Desk(database, replace(policy_of(Settings()), hr=frozenset({LIN})), MONDAY)


async def in_force(desk: Desk) -> str:
    await desk.says(WANG, GOAL)
    await desk.says(WANG, "提交 O9")
    await desk.says(ZHOU, "同意")
    return "KR19"


async def test_a_day_asked_for_in_a_group_is_told_whole_in_the_private_chat(desk: Desk) -> None:
    """The answer leaves the group, and with it the reason to cover amounts."""
    ref = await in_force(desk)
    before = len(await desk.letters_to(WANG))
    for said in ("日目标", f"日目标 {ref}", "今日动作"):
        message = desk.message(WANG, said)
        group = replace(message.conversation, id="cid-group", kind=ChatKind.GROUP)
        heard = await desk.dispatch.hear(replace(message, conversation=group))
        assert "详情已私聊发给你" in words(heard), said

    told = [text for _, text in await desk.letters_to(WANG)][before:]

    assert len(told) == 3
    for text in told:
        assert re.search(r"今天要 [\d,]+ 元", text), text
        assert "金额不公开" not in text


async def test_the_day_of_a_goal_is_what_is_left_by_weight(desk: Desk) -> None:
    ref = await in_force(desk)
    told = await desk.says(WANG, f"日目标 {ref}")
    whole = await desk.does(lambda session: objectives.with_key_result(session, 19))
    assert whole is not None
    made = whole.key_results[0].curve
    assert made is not None
    assert made.own

    async def points(session):  # type: ignore[no-untyped-def]
        ids = await series_ids(session, [SeriesKey("sales", "西湖店", 0)])
        window = Window(date(2026, 10, 1), date(2026, 11, 22))
        days, _ = await figures.days_of(session, desk.policy.metrics["sales"], ids.values(), window)
        return sum((one.total for some in days.values() for one in some), Decimal(0))

    left = 3_000_000 - await desk.does(points)
    weights = made.weights[53:]
    wanted = left * weights[0] / sum(weights)
    said = f"{wanted:,.0f} 元"
    assert f"今天要 {said}" in told
    assert "分到 12月31日前的 39 天" in told
    assert "按西湖店自己近" in told
    assert "今天要" in await desk.says(WANG, f"查看 {ref}")
    assert "个平常天" in await desk.says(WANG, f"为什么 {ref}")
    assert f"今天要 {said}" in await desk.says(WANG, "日报")


async def test_who_may_not_see_amounts_reads_the_part(desk: Desk) -> None:
    ref = await in_force(desk)
    told = await desk.says("E0201", f"日目标 {ref}")
    assert "全程的 " in told
    assert "金额不公开" in told


async def test_without_a_goal_of_days(desk: Desk) -> None:
    assert "还没有能分到每天的目标" in await desk.says(LI, "日目标")
    assert "KR8 没有日目标" in await desk.says(LI, "日目标 KR8")


async def test_a_mean_asks_for_what_brings_it_to_its_target(desk: Desk) -> None:
    """日均 over the days that have points: what they brought, and as many times the target as days are counted and to come."""
    await desk.says(
        WANG,
        "新建目标 门店日均\nKR 门店日均流水 日均 从 0 到 15000 元 数据 sales\nKR 门店周均流水 周均 从 0 到 10万 元 数据 sales",
    )
    await desk.says(WANG, "提交 O9")
    await desk.says(ZHOU, "同意")

    daily, weekly = [await desk.says(WANG, f"日目标 {ref}") for ref in ("KR19", "KR20")]

    sums = await days_of_sales(desk)
    open_ = 39
    left = 15000 * (len(sums) + open_) - sum(sums.values())
    assert f"日均要到 15,000 元,12月31日前的 39 天一共还要 {shown(left)} 万元" in daily
    assert "按西湖店自己近" in daily
    whole = {day: value for day, value in sums.items() if day >= date(2026, 10, 5)}
    left = 100_000 * (7 + 5) - sum(whole.values())  # seven weeks are over, this one and four more to come
    assert f"周均要到 10 万元,12月27日前的 35 天一共还要 {shown(left)} 万元" in weekly
    assert "今天要" in await desk.says(WANG, "查看 KR19")


def shown(value: Decimal | int) -> str:
    """In 万, with two decimals at most."""
    return f"{value / 10000:.2f}".rstrip("0").rstrip(".")


async def days_of_sales(desk: Desk) -> dict[date, Decimal]:
    """西湖店's days of the quarter before today, of the points themselves."""

    async def look(session: Session) -> dict[date, Decimal]:
        rows = await session.all(
            "SELECT p.at, p.value FROM metric_points p JOIN metric_series s ON s.id = p.series_id"
            " WHERE s.unit = '西湖店' AND s.metric = 'sales'"
        )
        found: dict[date, Decimal] = {}
        for at, value in rows:
            day = (moment(at) + timedelta(hours=8)).date()
            if date(2026, 10, 1) <= day < date(2026, 11, 23):
                found[day] = found.get(day, Decimal(0)) + Decimal(value) / 10**6
        return found

    return await desk.does(look)


async def test_the_head_of_a_store_closes_it_and_nobody_else(desk: Desk) -> None:
    ref = await in_force(desk)
    before = await desk.says(WANG, f"日目标 {ref}")
    assert "要本店店长或上级来做" in await desk.says(ZHANG, "停业 12月1日")
    told = await desk.says(WANG, "停业 11月24日-11月25日")
    assert "西湖店 明天到后天停业" in told or "停业,记下了" in told
    assert "O9 的日目标" in told
    after = await desk.says(WANG, f"日目标 {ref}")
    assert before != after
    assert "的 37 天" in after
    assert "二 — · 三 —" in after
    desk.wind(days=1)
    assert "不开门" in await desk.says(WANG, f"日目标 {ref}")
    assert "照常营业" in await desk.says(WANG, "开业 11月24日-11月25日")
    assert "的 38 天" in await desk.says(WANG, f"日目标 {ref}")


@pytest.mark.parametrize(
    ("who", "may"), [(ZHOU, True), (LIN, True), (WANG, True), (LI, False), ("E0201", False)]
)
async def test_whose_store_it_is(desk: Desk, who: str, may: bool) -> None:
    told = await desk.says(who, "停业 西湖店 12月5日")
    assert ("记下了" in told) is may


async def test_words_that_say_no_day(desk: Desk) -> None:
    assert "哪几天停业" in await desk.says(WANG, "停业")
    assert "没有叫「西胡店」" in await desk.says(WANG, "停业 西胡店 周日")
    assert "哪几天停业" in await desk.says(WANG, "停业 12月3日-12月1日")


async def test_the_day_ends_and_the_next_one_makes_up(desk: Desk) -> None:
    ref = await in_force(desk)
    desk.wind(days=5)  # nothing was delivered since
    told = await desk.says(WANG, f"日目标 {ref}")
    assert "的 34 天" in told
    assert timedelta(days=5) == desk.now - MONDAY

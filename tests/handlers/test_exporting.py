"""导出: the same rows as are shown, with the same rights and covers, typed, never who comes last."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from chat.files import TABLE
from config.policy import policy_of
from config.settings import Settings
from okr.numbers import say_percent
from okr.ranking import ranked
from sheets.packing import unpacked
from sheets.shown_tables import COVERED, ranking_lines
from sheets.spelling import Cell, Percent
from storage import files
from storage.database import Database
from tests.engines import MONDAY
from tests.handlers.desk import CHEN, LI, LIN, WANG, ZHAO, ZHOU, Desk, words


@pytest.fixture
async def desk(sqlite_company_url: str):  # type: ignore[no-untyped-def]
    async with Database(sqlite_company_url) as database:
        yield Desk(database, replace(policy_of(Settings()), hr=frozenset({LIN})), MONDAY)


async def exports(desk: Desk, who: str, text: str) -> tuple[str, list[dict[str, Cell]]]:
    """The file's name and its rows by their headings."""
    heard = await desk.dispatch.hear(desk.message(who, text))
    assert heard.parcel is not None, text
    card = heard.parcel.card
    assert card.enclosed, words(heard)
    kept = await desk.does(lambda session: files.by_ref(session, card.enclosed[0], desk.now))
    assert kept is not None
    assert kept.file.media_type == TABLE
    ((_, header, rows),) = unpacked(kept.file.content)
    return kept.file.name, [dict(zip(header, row, strict=True)) for row in rows]


async def test_cells_are_what_they_are(desk: Desk) -> None:
    name, rows = await exports(desk, LI, "导出 我的目标")

    assert name == "我的目标 李四 2026-11-23.xlsx"
    row = next(row for row in rows if row["KR编号"] == "KR8")
    assert row["目标值"] == Decimal(1100)
    assert row["进度"] == Percent(Decimal("0.5"))
    assert isinstance(row["更新日期"], date)


async def test_csv_where_it_is_wanted(desk: Desk) -> None:
    assert (await exports(desk, LI, "导出 我的目标 CSV"))[0].endswith(".csv")


async def test_amounts_are_covered_as_in_the_chat(desk: Desk) -> None:
    _, his = await exports(desk, WANG, "导出 查看 西湖店")
    _, strangers = await exports(desk, ZHAO, "导出 查看 西湖店")

    assert [row["KR编号"] for row in his] == [row["KR编号"] for row in strangers]
    assert COVERED not in {row["目标值"] for row in his}
    covered = [row["KR编号"] for row in strangers if row["目标值"] == COVERED]
    assert covered
    assert {row["当前值"] for row in strangers if row["KR编号"] in covered} == {COVERED}


async def test_who_was_exported_by_his_superior_is_told(desk: Desk) -> None:
    await exports(desk, ZHOU, "导出 查看 @李四")
    _, rows = await exports(desk, ZHOU, "导出 历史 KR8")
    assert rows
    assert "周敏" in await desk.says(LI, "我的数据")


@pytest.mark.parametrize(
    ("who", "text", "said"),
    [
        (LI, "导出 日报 滨江店", "只给本店的人"),
        (LI, "导出 未制定名单", "带团队的人"),
        (LI, "导出 查看 火星店", "没找到"),
        (LI, "导出 今天的天气", "导出什么"),
    ],
)
async def test_what_may_not_be_seen_is_not_exported(desk: Desk, who: str, text: str, said: str) -> None:
    assert said in await desk.says(who, text)


async def test_days_without_data_are_empty(desk: Desk) -> None:
    _, rows = await exports(desk, ZHOU, "导出 日报 滨江店")

    assert len(rows) == 30
    by_day = {row["日期"]: row for row in rows}
    assert by_day[date(2026, 11, 19)]["销售额(元)"] is None
    assert isinstance(by_day[date(2026, 11, 20)]["销售额(元)"], Decimal)
    assert isinstance(by_day[date(2026, 11, 20)]["转化率(%)"], Percent)


async def test_who_has_no_goals_is_listed_for_personnel(desk: Desk) -> None:
    _, rows = await exports(desk, LIN, "导出 未制定名单")

    assert all(row["姓名"] and row["工号"] for row in rows)


async def test_a_ranking_ends_in_the_middle(desk: Desk) -> None:
    name, rows = await exports(desk, CHEN, "导出 排名 销售额 本月")
    assert name.startswith("排名 个人 销售额 本月")
    assert 0 < len(rows) < 5


def test_of_the_lower_half_there_is_only_ones_own_row() -> None:
    places = ranked({str(n): Decimal(n) for n in range(10)}, {str(n): Decimal(10 - n) for n in range(10)})
    names = {str(n): f"店{n}" for n in range(10)}

    rows = ranking_lines(places, names, "2", unit="元", percent=False)

    assert [row[1] for row in rows] == ["店9", "店8", "店7", "店6", "店5", "店2"]
    assert [row[4] for row in rows] == ["↑9", "↑7", "↑5", "↑3", "↑1", "↓5"]


async def test_comparisons_are_exported_as_they_are_shown(desk: Desk) -> None:
    name, rows = await exports(desk, CHEN, "导出 对比 客单价 按 门店,周")
    assert name.startswith("对比 客单价 按门店,周")
    shops = {row["门店"] for row in rows}
    assert {"西湖店", "滨江店"} <= shops
    assert any(isinstance(row["本周 客单价(元)"], Decimal) for row in rows)
    _, regions = await exports(desk, LI, "导出 区域对比 2026Q4")
    assert regions[0]["区域"] == "华东"
    assert isinstance(regions[0]["达成(%)"], Decimal)
    _, ways = await exports(desk, CHEN, "导出 机制对比 销售额")
    assert [row["门店"] for row in ways][:3] == ["周更新合计", "固定月合计", "相差"]
    assert ways[0]["门店数"] == 0
    assert "能比的门店只有 1 个" in await desk.says(LI, "导出 对比 客单价 按 门店 本月"), (
        "other stores' are not his to see"
    )


async def test_a_unit_at_a_glance_has_the_figures_of_who_may_see_them(desk: Desk) -> None:
    _, own = await exports(desk, WANG, "导出 看板 西湖店")
    by_name = {row["项目"]: row for row in own}
    assert by_name["销售额 今天"]["数"] == Decimal(536)
    assert isinstance(by_name["平均进度"]["数"], Percent)
    assert any(str(name).startswith("要帮一把 KR") for name in by_name)
    _, strangers = await exports(desk, ZHAO, "导出 看板 西湖店")
    assert not [row for row in strangers if "今天" in str(row["项目"])]
    assert not [row for row in strangers if "要帮一把" in str(row["项目"])], (
        "others' troubles are nobody's news"
    )


async def test_a_week_and_what_is_owed(desk: Desk) -> None:
    name, rows = await exports(desk, LI, "导出 周报")
    assert name.startswith("周报 李四 2026-W")
    assert "KR8" in {row["KR编号"] for row in rows}
    assert "上级" in await desk.says(LI, "导出 周报 E0201")
    _, his = await exports(desk, WANG, "导出 周报 @李四")
    assert his == rows
    _, owed = await exports(desk, LI, "导出 我的待办 CSV")
    assert all(str(row["怎么办"]).startswith("发:") for row in owed)


async def test_days_and_the_heat_map(desk: Desk) -> None:
    _, heat = await exports(desk, CHEN, "导出 热力图 销售额 上周")
    binjiang = next(row for row in heat if row["门店"] == "滨江店")
    assert binjiang["2026-11-19"] is None, "missing, and not 0"
    assert isinstance(binjiang["2026-11-20"], Decimal)
    await desk.says(WANG, "新建目标 门店流水冲刺\nKR 门店流水 本季累计 从 0 到 300万 元 数据 sales")
    await desk.says(WANG, "提交")
    await desk.says(ZHOU, "同意")
    _, days = await exports(desk, WANG, "导出 日目标")
    today = next(row for row in days if row["哪天"] == desk.now.date())
    assert today["已到"] == Decimal(536)
    kr = str(today["KR编号"])
    _, strangers = await exports(desk, ZHAO, f"导出 日目标 {kr}")
    assert {row["要做"] for row in strangers} == {COVERED}


async def test_changes_are_exported_with_all_that_is_on_record(desk: Desk) -> None:
    await desk.says(LI, "修改 KR8 目标值 1200 原因 新店开业")
    await desk.says(WANG, "同意 加油")
    shown = await desk.says(LI, "修改记录 KR8")

    name, rows = await exports(desk, LI, "导出 修改记录 KR8")

    assert name.startswith("修改记录 KR8 ")
    assert f"一共 {len(rows)} 条" in shown
    first = rows[0]
    assert [first[one] for one in ("谁", "在哪儿", "做了什么", "哪一项", "从", "到", "原因")] == [
        "李四", "钉钉", "修改", "目标值", "1,100", "1,200 人", "新店开业",
    ]  # fmt: skip
    assert (first["谁同意的"], first["同意时说的"]) == ("王店", "加油")
    assert isinstance(first["时间"], datetime)


async def test_amounts_of_changes_are_covered_for_other_stores(desk: Desk) -> None:
    await desk.says(WANG, "修改 KR5 目标值 260万 原因 上周已经131万了")
    _, his = await exports(desk, ZHOU, "导出 修改记录 KR5")
    _, others = await exports(desk, ZHAO, "导出 修改记录 O3")

    assert "260" in str(his[0]["到"])
    assert {(row["从"], row["到"], row["原因"]) for row in others if row["哪一项"] == "目标值"} == {
        (COVERED, COVERED, COVERED)
    }


async def test_the_month_is_exported_as_it_is_shown(desk: Desk) -> None:
    shown = await desk.says(LI, "达成率")
    _, rows = await exports(desk, LI, "导出 达成率")

    assert len(rows) > 1
    for row in rows:
        share = row["达成率"]
        assert isinstance(share, Percent)
        assert re.search(rf"{row['KR编号']} [^\n]* {say_percent(share.share)}\n", shown)
    loss = next(row for row in rows if row["关键结果"] == "损耗率")
    assert isinstance(loss["这个月变化"], Decimal)
    assert loss["这个月变化"] < 0
    assert loss["单位"] == "个点"
    assert f"降了 {-loss['这个月变化']:.1f}".rstrip("0").rstrip(".") in shown
    _, others = await exports(desk, ZHAO, "导出 达成率 KR5")
    assert [(row["这个月变化"], row["这个月该变"]) for row in others] == [(COVERED, COVERED)]


async def test_where_goals_come_from(desk: Desk) -> None:
    shown = await desk.says(WANG, "目标来源")
    _, rows = await exports(desk, WANG, "导出 目标来源")

    assert rows[0]["谁"] == "我的团队"
    assert {"王店", "李四", "张三"} == {row["谁"] for row in rows[1:]}
    whole = rows[0]["自上而下"]
    assert isinstance(whole, Percent)
    assert f"我的团队 自上而下 {say_percent(whole.share)}" in shown
    assert sum(int(str(row["KR数"])) for row in rows[1:]) == rows[0]["KR数"]
    assert "张三" in await desk.says(CHEN, "导出 目标来源 @张三")


async def test_a_figure_against_other_times(desk: Desk) -> None:
    shown = await desk.says(WANG, "环比 销售额 上周")
    _, rows = await exports(desk, WANG, "导出 环比 销售额 上周")

    by_name = {row["比什么"]: row for row in rows}
    assert list(by_name) == ["环比", "同比"]
    before: dict[str, Any] = dict(by_name["环比"])
    assert (before["那时从"], before["那时到"]) == (date(2026, 11, 9), date(2026, 11, 15))
    assert f" 上周 {before['现在']:,} 元" in shown
    assert f"{before['那时']:,} 元" in shown
    assert f"{abs(before['变化(%)']):.0f}%" in shown
    assert by_name["同比"]["那时"] is None
    assert "只给本店的人" in await desk.says(WANG, "导出 同比 销售额 滨江店")
    _, rates = await exports(desk, WANG, "导出 环比 转化率 上周")
    assert rates[0]["变化(%)"] is None
    assert isinstance(rates[0]["相差(百分点)"], Decimal)
    _, shops = await exports(desk, CHEN, "导出 同店 销售额 华东区 上周")
    assert [row["几家店"] for row in shops if row["比什么"] == "同店环比"] == [2]


async def test_what_is_to_be_done_today_is_exported_and_nothing_is_written(desk: Desk) -> None:
    await desk.says(LI, "今日动作 KR8 陈列调整; 10点前赠饮")
    await desk.says(WANG, "今日动作 @李四 收银台换海报")
    await desk.says(LI, "完成 A1")

    _, rows = await exports(desk, LI, "导出 今日动作")

    assert [(row["编号"], row["要做的"], row["几点前"], row["做完了"]) for row in rows] == [
        ("A1", "陈列调整", "", "是"), ("A2", "赠饮", "10:00", ""), ("A3", "收银台换海报", "", ""),
    ]  # fmt: skip
    assert [row["为了哪个KR"] for row in rows] == ["KR8", "KR8", ""]
    assert rows[2]["谁安排的"] == "王店"
    assert (await exports(desk, LI, "导出 今日动作 KR8 再写一条"))[1] == rows
    assert (await exports(desk, LI, "今日动作 导出"))[1] == rows
    assert "把报表导出" in await desk.says(LI, "今日动作 把报表导出"), "that is something to be done"


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("导出 对比 客单价 按 门店 本月", "对比 客单价 按 门店 本月 导出"),
        ("导出 对比 客单价 按 门店 本月", "对比 客单价 按 门店 本月导出表格"),
        ("导出 区域对比", "区域对比 导出"),
        ("导出 查看 KR8 CSV", "查看 KR8 导出CSV"),
        ("导出 排名 销售额 本月", "排名 销售额 本月 导出"),
    ],
)
async def test_the_word_may_stand_behind(desk: Desk, before: str, behind: str) -> None:
    assert await exports(desk, CHEN, before) == await exports(desk, CHEN, behind)

"""日报 and 排名 of the sample company, and who may see what of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from config.policy import policy_of
from config.settings import Settings
from storage import files
from storage.database import Database
from tests.engines import MONDAY
from tests.handlers.desk import CHEN, LI, LIN, WANG, ZHOU, Desk


@pytest.fixture
async def desk(sqlite_company_url: str):  # type: ignore[no-untyped-def]
    async with Database(sqlite_company_url) as database:
        yield Desk(database, replace(policy_of(Settings()), hr=frozenset({LIN})), MONDAY)


async def drawing(desk: Desk, who: str, text: str) -> list[str]:
    """The words of the picture that is answered with."""
    heard = await desk.dispatch.hear(desk.message(who, text))
    assert heard.parcel is not None
    ref = heard.parcel.card.picture
    kept = await desk.does(lambda session: files.by_ref(session, ref, MONDAY))
    assert kept is not None, "no picture"
    svg = ET.fromstring(kept.file.content)
    return [one.text or "" for one in svg.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize(
    ("who", "unit", "sees"),
    [
        (LI, "西湖店", True),
        (LI, "滨江店", False),
        (LI, "华东区", False),
        (WANG, "滨江店", False),
        (ZHOU, "滨江店", True),
        (ZHOU, "华东区", True),
        (ZHOU, "总部", False),
        (CHEN, "滨江店", True),
        (LIN, "滨江店", True),
    ],
)
async def test_turnover_is_for_the_store_its_line_and_headquarters(
    desk: Desk, who: str, unit: str, sees: bool
) -> None:
    told = await desk.says(who, f"日报 {unit}")

    assert (f"{unit} 今天 09:30:销售额" in told) is sees
    assert ("只给本店的人" in told) is not sees


async def test_a_day_without_data_is_missing_and_not_nothing(desk: Desk) -> None:
    told = await desk.says(ZHOU, "日报 滨江店 11月19日")

    assert "滨江店 周四" in told or "滨江店 上周四" in told
    assert "还没有数进来" in told
    assert "销售额 —" in told


async def test_a_ranking_names_the_top_and_nobody_else(desk: Desk) -> None:
    told = await desk.says_without_picture(ZHOU, "排名 销售额 本月")

    places = [line for line in told.splitlines() if line[:1].isdigit()]
    assert [line.split()[:2] for line in places[:2]] == [["1", "王店"], ["2", "李四"]]
    assert len(places) == 5  # of six: who is last is told to nobody


async def test_in_a_small_store_nobody_is_ranked(desk: Desk) -> None:
    assert "少于 4 位就不排名了" in await desk.says(LI, "我排第几 销售额 本月")


async def test_ones_own_place_with_the_gap(desk: Desk) -> None:
    desk.policy = replace(desk.policy, ranking_least=2)

    told = await desk.says(LI, "我排第几 销售额 本月")

    assert told.startswith("你排第 2 / 3,离第 1 名王店差 ")
    assert "张三" not in told


async def test_figures_of_a_silent_source_say_how_far_they_reach(desk: Desk) -> None:
    assert "⚠" not in await desk.says(LI, "日报")
    desk.now = MONDAY + timedelta(days=3)

    told = await desk.says(LI, "日报")

    assert "⚠️ POS 的数据只到" in told


async def test_the_picture_of_a_ranking_has_the_same_rows_and_ones_own(desk: Desk) -> None:
    desk.policy = replace(desk.policy, ranking_least=2)

    words = await drawing(desk, LI, "排名 销售额 本月")

    assert "李四(我)" in words
    assert any(word.startswith("离第 1 名差 ") for word in words)
    assert "1" in words


async def test_a_heat_map_shows_the_stores_one_may_see_day_by_day(desk: Desk) -> None:
    """As 日报 tells each day; a day on which nothing came in is said to be missing."""
    words = await drawing(desk, ZHOU, "热力图 客流量 上周")

    assert [word for word in words if word.endswith("店")] == ["西湖店", "滨江店"]
    assert words.count("缺") == 1
    for day in range(16, 23):
        told = await desk.says(ZHOU, f"日报 西湖店 11月{day}日")
        visitors = next(line for line in told.splitlines() if line.startswith("客流量")).split()[1]
        assert visitors.replace(",", "") in words


async def test_who_sees_one_store_sees_its_weeks(desk: Desk) -> None:
    words = await drawing(desk, LI, "热力图")

    assert words[0] == "西湖店近四周 · 销售额"
    assert "滨江店" not in words
    assert "缺" not in words  # of the running week no day is over on a Monday, and nothing is said of them
    assert "画不了热力图" not in await desk.says(WANG, "热力图")


@pytest.mark.parametrize("said", ["排名 哈哈", "排名 华南区", "排名 门店 开心指数"])
async def test_words_that_rank_nothing_are_told_and_not_passed_over(desk: Desk, said: str) -> None:
    told = await desk.says(LI, said)

    assert told.startswith(f"没看懂「{said.rsplit(maxsplit=1)[-1]}」,排名能这么排")
    assert "看板 西湖店" in told


async def test_last_month_is_a_time_of_its_own(desk: Desk) -> None:
    told = await desk.says_without_picture(ZHOU, "排名 订单 上个月")

    assert "个人 · 订单数 · 上月,↑ 是比再前一个月" in told
    assert "热力图 · 客流量" in await desk.says(CHEN, "热力图 客流")


@pytest.mark.parametrize("said", ["排名 本月 销售额 前5", "排名 按销售额的 本月", "排名 达成率 本月 前十名"])
async def test_words_that_change_nothing_do_not_stop_a_ranking(desk: Desk, said: str) -> None:
    assert "个人" in (await desk.says(ZHOU, said)).partition("🔎")[0]
    assert "没看懂" not in await desk.says(ZHOU, said)


async def test_a_heat_map_of_a_unit_and_of_nothing(desk: Desk) -> None:
    assert [word for word in await drawing(desk, CHEN, "热力图 滨江店") if word.endswith("店")] == []
    assert (await drawing(desk, CHEN, "热力图 滨江店"))[0] == "滨江店近四周 · 销售额"
    assert (await desk.says(LI, "热力图 滨江店")).startswith("滨江店的数只给本店的人")
    assert (await desk.says(LI, "热力图 开心")).startswith("没有叫「开心」的数")


async def test_a_heat_map_names_the_day_and_offers_another(desk: Desk) -> None:
    told = await desk.says(LI, "热力图")

    assert re.search(r"最旺的是\d+月\d+日周六\(\+\d+%\)", told), told
    assert told.splitlines()[-1] == "换一个发:热力图 客流量"
    assert (await desk.says(LI, "热力图 客流量")).splitlines()[-1] == "换一个发:热力图 销售额"


async def test_a_day_to_come_has_no_report(desk: Desk) -> None:
    told = await desk.says(LI, "日报 明天")

    assert told.startswith("明天还没到")
    assert "日目标" in told


async def test_nothing_of_today_is_missing_before_it_is_over(desk: Desk) -> None:
    desk.now += timedelta(days=1, hours=-2)

    told = await desk.says(LI, "日报")

    assert "二 还没有" in told
    assert "缺 1 天" not in told


async def test_the_sum_of_several_stores_says_which_day_is_not_whole(desk: Desk) -> None:
    """滨江店 told nothing on the 19th: the region's sum of that day is its neighbour's alone."""
    told = await desk.says(ZHOU, "日报 华东区 11月20日")

    assert re.search(r"四 [\d,]+\(缺 1 家\)", told), told
    assert "缺 1 家" not in told.partition("· 五")[2]
    day = await desk.says(ZHOU, "日报 华东区 11月19日")
    assert "有 1 家店那天没有数进来" in day
    assert "比上周四" not in day, "what is not whole is compared with nothing"


async def test_the_place_of_a_store_is_for_its_line(desk: Desk) -> None:
    desk.policy = replace(desk.policy, ranking_least=2)

    assert "门店排名 第" in await desk.says(WANG, "看板")
    assert "门店排名" not in await desk.says(WANG, "看板 滨江店")
    assert "门店排名 第" in await desk.says(ZHOU, "看板 滨江店")


@pytest.mark.parametrize(
    ("who", "unit", "daily"), [(WANG, "西湖店", True), (WANG, "滨江店", False), (ZHOU, "滨江店", True)]
)
async def test_a_glance_has_the_buttons_that_would_not_be_refused(
    desk: Desk, who: str, unit: str, daily: bool
) -> None:
    heard = await desk.dispatch.hear(desk.message(who, f"看板 {unit}"))

    assert heard.parcel is not None
    card = heard.parcel.card
    for face in (card.face, card.wecom):
        assert face is not None
        says = [button.say for button in face.buttons]
        assert f"目标地图 {unit}" in says
        assert (f"日报 {unit}" in says) is daily
        assert not any("](" in line for line in face.lines)


async def test_a_unit_that_is_not_there_is_answered_in_the_words_that_were_used(desk: Desk) -> None:
    assert "自己的发:看板 · 看一个人发:查看 @姓名" in await desk.says(LI, "看板 火星店")
    assert "自己的发:日报" in await desk.says(LI, "日报 火星店")

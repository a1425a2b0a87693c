"""What people ask in plain words is answered by the command that shows it; what nobody understands is said to be so."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from config.policy import policy_of
from config.settings import Settings
from storage.database import Database
from tests.engines import MONDAY
from tests.handlers.desk import LI, LIN, WANG, ZHANG, ZHOU, Desk


@pytest.fixture
async def desk(sqlite_company_url: str):  # type: ignore[no-untyped-def]
    async with Database(sqlite_company_url) as database:
        yield Desk(database, replace(policy_of(Settings()), hr=frozenset({LIN})), MONDAY)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("昨天的日报", "西湖店 昨天:"),
        ("看看昨天的日报", "西湖店 昨天:"),
        ("帮我查一下西湖店的日报", "西湖店 今天 09:30:"),
        ("我的周报", "李四,上周战报"),
        ("李四周报", "李四,上周战报"),
        ("漏斗", "李四,上周战报"),
        ("滨江店的看板", "滨江店看板 09:30"),
        ("KR8", "KR8 生鲜区客流量(日均)"),
        ("ＫＲ８。", "KR8 生鲜区客流量(日均)"),
        ("O4", "O4 提升门店季度业绩"),
        ("今天卖了多少", "西湖店 今天 09:30:"),
        ("昨天卖得怎么样?", "西湖店 昨天:"),
        ("店里今天咋样", "西湖店 今天 09:30:"),
        ("这周咋样", "李四,上周战报"),
        ("损耗率现在多少", "KR9 损耗率"),
        ("订单数怎么样", "西湖店 今天 09:30:"),
        ("订单怎么样", "西湖店 今天 09:30:"),
        ("西湖店上周的销售额", "西湖店 销售额 上周"),
        ("上个月客流量是多少", "西湖店 客流量 上月"),
        ("昨天销售额多少", "西湖店 昨天:"),
        ("滨江店昨天的销售额", "滨江店的数只给本店的人"),
        ("今天卖了3200", "你没有跟销售额的目标"),
        ("上周的日报", "日报一天一份,上周的要换个看法"),
        ("环比 订单 上周", "西湖店 订单数 上周"),
        ("环比 开心 上周", "没看懂「开心」"),
        ("上个月销售额环比", "西湖店 销售额 上月"),
        ("KR9的历史", "KR9 损耗率 现在"),
    ],
)
async def test_a_question_is_the_command_that_shows_it(desk: Desk, said: str, told: str) -> None:
    assert (await desk.says(LI, said)).startswith(told)


async def test_who_is_first_is_a_ranking(desk: Desk) -> None:
    assert re.match(r"你排第 \d / 7", await desk.says(ZHOU, "谁第一"))
    assert (await desk.says(ZHOU, "本月销售额谁最多")).startswith("个人排名 · 销售额 · 本月")


@pytest.mark.parametrize("said", ["今天真热", "看电影", "多少", "谁来了", "销售", "第一"])
async def test_what_is_no_question_of_these_is_not_understood(desk: Desk, said: str) -> None:
    told = await desk.says(LI, said)

    assert "没看懂" in told or "没找到" in told


async def test_a_word_with_a_space_in_it_is_offered_whole(desk: Desk) -> None:
    assert (await desk.says(WANG, "对 比 客单价 按 周")).startswith("没看懂「对 比 客单价 按 周」")
    assert "客单价 · 按周 · 西湖店" in await desk.says(WANG, "1")


async def test_a_nod_is_never_offered_for_a_typing_error(desk: Desk) -> None:
    """Ok9 is near to OK, and OK would approve what waits."""
    heard = await desk.dispatch.hear(desk.message(WANG, "Ok9"))

    assert heard.parcel is not None
    says = [button.say.casefold() for button in heard.parcel.card.face.buttons]
    assert says
    assert not {"ok", "okay", "行", "同意"} & set(says)


async def test_another_week_than_the_last_is_not_told(desk: Desk) -> None:
    desk.now = desk.now.replace(day=25)

    assert (await desk.says(LI, "上周的周报")).startswith("周报只说最近的一周")
    assert (await desk.says(LI, "本周的周报")).startswith("李四,本周战报")


async def test_somebody_elses_week_is_refused_with_what_is_open(desk: Desk) -> None:
    told = await desk.says(ZHANG, "李四的周报")

    assert told.startswith("李四的周报只给他本人和上级看")
    assert "查看 E0102" in told
